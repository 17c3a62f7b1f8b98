import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { asTable, type Column, LIST_TYPES, ReadsFrom, Requires, type PageAt, type Table } from '#platform';
import type { FastifyReply } from 'fastify';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { SearchLotsDto } from './search-lots.dto.js';
import { type FoundLot, searchLots } from './search-lots.js';

const COLUMNS: readonly Column<FoundLot>[] = [
  ['lot', (l) => l.id],
  ['kind', (l) => l.kind],
  ['item', (l) => l.item],
  ['lotCode', (l) => l.lotCode],
  ['supplierLot', (l) => l.supplierLot],
  ['status', (l) => l.status],
  ['production', (l) => l.dates.production],
  ['expiry', (l) => l.dates.expiry],
  ['bestBefore', (l) => l.dates.bestBefore],
  ['made', (l) => l.made.map((a) => `${a.value} ${a.unit}`).join('; ')],
  ['received', (l) => l.received.map((a) => `${a.value} ${a.unit}`).join('; ')],
  ['onHand', (l) => l.onHand.map((s) => `${s.amount.value} ${s.amount.unit} ${s.place ?? ''}`.trim()).join('; ')],
];

@ApiTags('genealogy')
@Controller('genealogy/lots')
export class SearchLotsController {
  constructor(@Inject(GENEALOGY_READER) private readonly reader: GenealogyReader) {}

  /** Lots by item, code, supplier, place and dates. */
  @ApiOperation({ summary: 'Lots by item, code (exact and case-sensitive), supplier, place and dates.' })
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces(...LIST_TYPES)
  async search(
    @Query() dto: SearchLotsDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageAt<FoundLot> | Table> {
    const page = await this.reader.read((snapshot) => searchLots(snapshot, dto));
    return (await asTable(reply, accept, page, COLUMNS, page.items)) ?? page;
  }
}
