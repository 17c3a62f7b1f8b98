import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { asTable, type Column, LIST_TYPES, ReadsFrom, Requires, type Table } from '#platform';
import type { FastifyReply } from 'fastify';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER, STOCK_PROMISES } from '../../tokens.js';
import type { StockPromises } from './stock-promises.js';
import { ViewDiscrepanciesDto } from './view-discrepancies.dto.js';
import { type DiscrepancyPage, type DiscrepancyView, viewDiscrepancies } from './view-discrepancies.js';

const COLUMNS: readonly Column<DiscrepancyView>[] = [
  ['kind', (d) => d.kind],
  ['status', (d) => d.status],
  ['lot', (d) => d.lot],
  ['place', (d) => d.place],
  ['from', (d) => d.from],
  ['amount', (d) => d.amount?.value, 'amount'],
  ['unit', (d) => d.amount?.unit],
  ['time', (d) => d.time],
  ['explanation', (d) => d.explanation],
  ['events', (d) => d.events.join(' ')],
];

@ApiTags('genealogy')
@Controller('genealogy/discrepancies')
export class ViewDiscrepanciesController {
  constructor(
    @Inject(GENEALOGY_READER) private readonly reader: GenealogyReader,
    @Inject(STOCK_PROMISES) private readonly promises: StockPromises,
  ) {}

  /** What the record cannot explain. */
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces(...LIST_TYPES)
  async list(
    @Query() dto: ViewDiscrepanciesDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DiscrepancyPage | Table> {
    const page = await viewDiscrepancies(this.reader, this.promises, dto);
    return (await asTable(reply, accept, page, COLUMNS, page.items)) ?? page;
  }
}
