import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readPosition } from '#event-log';
import { canonicalId, instant, malformed } from '#kernel';
import { CONFIG, type LotlineConfig, ReadsFrom, Requires } from '#platform';
import { resolveLot, type Trace, trace, type TraceRequest } from '#traceability';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { AsOf, GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { traceWithSuspicion } from '../suspicion.js';
import { TraceLotDto } from './trace-lot.dto.js';

const asOfOf = (dto: TraceLotDto): AsOf | undefined => {
  if (dto.asOfPosition !== undefined && dto.asOf !== undefined)
    throw malformed('invalid-request', 'asOf and asOfPosition are two ways to say one thing', [
      { code: 'contradicts', message: 'name one of asOf and asOfPosition', field: '/asOf', found: dto.asOf },
    ]);
  const eventTimeTo = dto.eventTimeTo === undefined ? undefined : instant(dto.eventTimeTo)?.key;
  const position = dto.asOfPosition === undefined ? undefined : readPosition(dto.asOfPosition, 'asOfPosition');
  const asked = { position, recordTime: dto.asOf, eventTimeTo };
  return Object.values(asked).every((value) => value === undefined) ? undefined : asked;
};

@ApiTags('genealogy')
@Controller('genealogy/trace')
export class TraceLotController {
  constructor(
    @Inject(GENEALOGY_READER) private readonly reader: GenealogyReader,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  /** Where a lot came from and where it went, in one answer. */
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  async trace(@Query() dto: TraceLotDto): Promise<Trace> {
    const asOf = asOfOf(dto);
    return this.reader.read(async (snapshot) => {
      const { graph } = snapshot;
      const lot = await resolveLot({ lot: dto.lot, item: dto.item }, graph);
      const request: TraceRequest = {
        lot,
        direction: dto.direction ?? 'both',
        ours: this.config.ownParties.map((id) => canonicalId(id).id),
        ...(dto.depth !== undefined && { depth: dto.depth }),
        ...(dto.limit !== undefined && { limit: dto.limit }),
        ...(dto.respectTime !== undefined && { respectTime: dto.respectTime }),
        ...(dto.include === 'events' && { includeEvents: true }),
      };
      return asOf === undefined
        ? traceWithSuspicion(await trace(request, graph), snapshot)
        : trace(request, await snapshot.graphAt(lot, asOf));
    });
  }
}
