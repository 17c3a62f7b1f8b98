import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ReadsFrom, Requires } from '#platform';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { LotOfItemDto } from '../view-lot/view-lot.controller.js';
import { type MassBalance, massBalance } from './mass-balance.js';

@ApiTags('genealogy')
@Controller('genealogy/mass-balance/:lot')
export class MassBalanceController {
  constructor(@Inject(GENEALOGY_READER) private readonly reader: GenealogyReader) {}

  /** Made or received = consumed + on the way + on hand + scrapped + sold ± adjusted. */
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  async of(@Param('lot') lot: string, @Query() { item }: LotOfItemDto): Promise<MassBalance> {
    return this.reader.read((snapshot) => massBalance(snapshot, lot, item));
  }
}
