import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { asTable, type Column, IsIdentifier, LIST_TYPES, ReadsFrom, Requires, type Table } from '#platform';
import type { FastifyReply } from 'fastify';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { type EntryView, type LotView, viewLot } from './view-lot.js';

export class LotOfItemDto {
  /** Tells lots of one code apart. */
  @IsOptional()
  @IsIdentifier()
  item?: string;
}

const COLUMNS: readonly Column<EntryView>[] = [
  ['seq', (e) => e.seq],
  ['time', (e) => e.time],
  ['from', (e) => e.from.kind],
  ['fromPlace', (e) => e.from.place],
  ['fromUnit', (e) => e.from.unit],
  ['to', (e) => e.to.kind],
  ['toPlace', (e) => e.to.place],
  ['toUnit', (e) => e.to.unit],
  ['amount', (e) => e.amount.value, 'amount'],
  ['unit', (e) => e.amount.unit],
  ['flag', (e) => e.flag],
  ['events', (e) => e.events.join(' ')],
];

@ApiTags('genealogy')
@Controller('genealogy/lots/:id')
export class ViewLotController {
  constructor(@Inject(GENEALOGY_READER) private readonly reader: GenealogyReader) {}

  /** One lot: its ledger with the events of every entry, balances, dates, status. As CSV or XLSX, the ledger. */
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces(...LIST_TYPES)
  async view(
    @Param('id') id: string,
    @Query() { item }: LotOfItemDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LotView | Table> {
    const lot = await this.reader.read((snapshot) => viewLot(snapshot, id, item));
    return (await asTable(reply, accept, lot, COLUMNS, lot.ledger)) ?? lot;
  }
}
