import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { ReadsFrom, Requires, type PageAt } from '#platform';
import type { FastifyReply } from 'fastify';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { asCsv, type Column, wantsCsv } from '../csv.js';
import { ViewDiscrepanciesDto } from './view-discrepancies.dto.js';
import { type DiscrepancyView, viewDiscrepancies } from './view-discrepancies.js';

const COLUMNS: readonly Column<DiscrepancyView>[] = [
  ['kind', (d) => d.kind],
  ['status', (d) => d.status],
  ['lot', (d) => d.lot],
  ['place', (d) => d.place],
  ['from', (d) => d.from],
  ['amount', (d) => d.amount?.value],
  ['unit', (d) => d.amount?.unit],
  ['time', (d) => `${d.time}Z`],
  ['explanation', (d) => d.explanation],
  ['events', (d) => d.events.join(' ')],
];

@ApiTags('genealogy')
@Controller('genealogy/discrepancies')
export class ViewDiscrepanciesController {
  constructor(@Inject(GENEALOGY_READER) private readonly reader: GenealogyReader) {}

  /** What the record cannot explain. */
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces('application/json', 'text/csv')
  async list(
    @Query() dto: ViewDiscrepanciesDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageAt<DiscrepancyView> | string> {
    const page = await this.reader.read((snapshot) => viewDiscrepancies(snapshot, dto));
    return wantsCsv(accept) ? asCsv(reply, page, COLUMNS, page.items) : page;
  }
}
