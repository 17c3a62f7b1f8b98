import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { asTable, type Column, LIST_TYPES, type PageAt, ReadsFrom, Requires, type Table } from '#platform';
import type { FastifyReply } from 'fastify';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { ListSuspectsDto } from './list-suspects.dto.js';
import { listSuspects, type SuspectLot } from './list-suspects.js';

const COLUMNS: readonly Column<SuspectLot>[] = [
  ['hold', (s) => s.holdId],
  ['owner', (s) => s.owner],
  ['reason', (s) => s.reason],
  ['held', (s) => s.held],
  ['lot', (s) => s.lot],
  ['item', (s) => s.item],
  ['lotCode', (s) => s.lotCode],
  ['status', (s) => s.status],
  ['depth', (s) => s.depth],
  [
    'path',
    (s) =>
      s.path
        .flatMap((step) => [step.lot, step.transformation])
        .filter(Boolean)
        .join(' > '),
  ],
  ['onHand', (s) => s.onHand.map((o) => `${o.amount.value} ${o.amount.unit} ${o.place ?? ''}`.trim()).join('; ')],
];

@ApiTags('genealogy')
@Controller('genealogy/suspects')
export class ListSuspectsController {
  constructor(@Inject(GENEALOGY_READER) private readonly reader: GenealogyReader) {}

  /** Lots that holds upstream make suspect, hold by hold, each with the path that explains it and what is on hand of it. */
  @ApiOperation({
    summary:
      'Lots that holds upstream make suspect, hold by hold, with the path that explains each and what is on hand.',
  })
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  @ApiProduces(...LIST_TYPES)
  async list(
    @Query() dto: ListSuspectsDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageAt<SuspectLot> | Table> {
    const page = await this.reader.read((snapshot) => listSuspects(snapshot, dto));
    return (await asTable(reply, accept, page, COLUMNS, page.items)) ?? page;
  }
}
