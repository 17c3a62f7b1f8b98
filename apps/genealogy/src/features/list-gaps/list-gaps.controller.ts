import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  asTable,
  type Column,
  CONFIG,
  LIST_TYPES,
  type LotlineConfig,
  ReadsFrom,
  Requires,
  type Table,
} from '#platform';
import type { FastifyReply } from 'fastify';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { PeriodDto } from '../balance-period/balance-period.dto.js';
import { type Gap, type GapPage, listGaps } from './list-gaps.js';

const COLUMNS: readonly Column<Gap>[] = [
  ['kind', (gap) => gap.kind],
  ['time', (gap) => gap.time],
  ['lot', (gap) => gap.lot],
  ['item', (gap) => gap.item],
  ['lotCode', (gap) => gap.lotCode],
  ['site', (gap) => gap.site],
  ['place', (gap) => gap.place],
  ['from', (gap) => gap.from],
  ['amount', (gap) => gap.amount.value, 'amount'],
  ['unit', (gap) => gap.amount.unit],
  ['money', (gap) => gap.money?.value, 'amount'],
  ['currency', (gap) => gap.money?.currency],
  ['events', (gap) => gap.events.join(' ')],
];

@ApiTags('genealogy')
@Controller('genealogy/balance-gaps')
export class ListGapsController {
  constructor(
    @Inject(GENEALOGY_READER) private readonly reader: GenealogyReader,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  @ApiOperation({
    summary: 'What does not add up in a period, by lot, with amount and money.',
    description:
      'Used beyond what the record accounts for, found more or less by counts, moved between sites without a record, given by ' +
      'a transformation beyond what went in. `money` where the cost of the item is known. Also as CSV or XLSX.',
  })
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces(...LIST_TYPES)
  async list(
    @Query() dto: PeriodDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GapPage | Table> {
    const page = await this.reader.read((snapshot) => listGaps(snapshot, dto, this.config));
    return (await asTable(reply, accept, page, COLUMNS, page.items)) ?? page;
  }
}
