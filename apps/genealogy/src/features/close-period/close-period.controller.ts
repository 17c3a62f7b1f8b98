import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
  CONFIG,
  EVENT_LOG,
  type LotlineConfig,
  type Page,
  PROJECTIONS,
  type Projections,
  ReadsFrom,
  Requires,
} from '#platform';
import type { ClosedPeriod } from '../../domain/period.js';
import { type PeriodView, readPeriod, readPeriods } from '../../periods/closed-periods.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { closePeriod } from './close-period.js';
import { ClosePeriodDto } from './close-period.dto.js';

@ApiTags('genealogy')
@Controller('genealogy/periods')
export class ClosePeriodController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(GENEALOGY_READER) private readonly reader: GenealogyReader,
    @Inject(PROJECTIONS) private readonly projections: Projections,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  @ApiOperation({
    summary: 'Close a period: its figures are frozen.',
    description:
      'Refused (422, `period-refused`) with all reasons: `period-closed`, `period-overlaps`, `period-gap`, `period-not-ended`. ' +
      'Facts that are recorded later with event times in it are taken as ever and come as corrections to it ' +
      '(GET /genealogy/mass-balance?period=).',
  })
  @Post()
  @HttpCode(201)
  @Requires('genealogy:write')
  async close(@Body() dto: ClosePeriodDto): Promise<ClosedPeriod> {
    const { log, reader, projections, clock, config } = this;
    const { closed, revision } = await closePeriod({ log, reader, projections, clock, config }, dto);
    answerRevision(revision);
    return closed;
  }

  @ApiOperation({
    summary: 'Closed periods, the first first: who closed them, when, why, and what proves the figures.',
  })
  @Get()
  @Requires('genealogy:read')
  @ReadsFrom()
  async list(): Promise<Page<PeriodView>> {
    const periods = await readPeriods(this.log);
    answerRevision(periods.length - 1);
    return { items: periods };
  }

  @ApiOperation({ summary: 'One closed period (`2026-01-01--2026-01-31`).' })
  @Get(':period')
  @Requires('genealogy:read')
  @ReadsFrom()
  one(@Param('period') period: string): Promise<PeriodView> {
    return readPeriod(this.log, period);
  }
}
