import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { partyIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, notFound, type Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
  commandContext,
  EVENT_LOG,
  expectedRevision,
  handleCommand,
  type Page,
  ReadsFrom,
  Requires,
} from '#platform';
import {
  type Nonconformance,
  nonconformanceDecider,
  type NonconformanceEvent,
  type NonconformanceRequest,
  nonconformanceStream,
} from '../../domain/nonconformance.js';
import { QUALITY } from '../../read-model/quality-name.js';
import { QualityQueries } from '../../read-model/quality-queries.js';
import { defined } from '../defined.js';
import { ownIdOf } from '../own-id.js';
import {
  CloseNonconformanceDto,
  FindCauseDto,
  FinishActionDto,
  ListNonconformancesDto,
  OpenNonconformanceDto,
  ReopenNonconformanceDto,
  SetActionDto,
} from './nonconformances.dto.js';

export interface NonconformanceView extends Omit<Nonconformance, 'opening'> {
  nonconformance: string;
  description: string;
  severity: string;
  lot?: string;
}

const viewOf = ({ opening, ...state }: Nonconformance): NonconformanceView => ({ ...opening, ...state });

@ApiTags('inventory')
@Controller('inventory/nonconformances')
export class NonconformancesController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(QualityQueries) private readonly queries: QualityQueries,
  ) {}

  @Post()
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Open a nonconformance. It stops nothing by itself: holds and decisions do.' })
  @ApiBody({
    type: OpenNonconformanceDto,
    examples: {
      truck: {
        value: {
          nonconformance: 'NC-2026-14',
          description: 'delivered at 11 CEL',
          severity: 'major',
          lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
          amount: { value: '1200', unit: 'KGM' },
          party: 'https://id.gs1.org/417/9506000200020',
          owner: 'quality',
          due: '2026-05-04',
        },
      },
    },
  })
  async open(@Body() dto: OpenNonconformanceDto): Promise<NonconformanceView> {
    const nonconformance = ownIdOf(commandContext(), dto.nonconformance);
    const { lot, amount, party, ...rest } = dto;
    const opening = {
      ...defined(rest),
      nonconformance,
      description: dto.description,
      severity: dto.severity,
      ...(lot !== undefined && { lot: canonicalId(lot).id }),
      ...(amount !== undefined && { amount: { value: amount.value, unit: amount.unit } }),
      ...(party !== undefined && { party: partyIdOf(party).id }),
    };
    return this.handle(nonconformance, { type: 'open', opening });
  }

  @Post(':id/cause')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'State the cause, or another one than before.' })
  cause(@Param('id') id: string, @Body() { cause }: FindCauseDto): Promise<NonconformanceView> {
    return this.handle(id, { type: 'find-cause', id, cause });
  }

  @Post(':id/action')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({
    summary: 'Set the corrective action, its owner and when it is due; it takes the place of the one before.',
  })
  @ApiBody({
    type: SetActionDto,
    examples: { loggers: { value: { action: 'loggers in every truck', owner: 'purchasing', due: '2026-06-30' } } },
  })
  action(@Param('id') id: string, @Body() { action, owner, due }: SetActionDto): Promise<NonconformanceView> {
    return this.handle(id, { type: 'set-action', id, action, owner, due });
  }

  @Post(':id/action/done')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Say that the corrective action is done, and what came of it.' })
  done(@Param('id') id: string, @Body() { result }: FinishActionDto): Promise<NonconformanceView> {
    return this.handle(id, { type: 'finish-action', id, result });
  }

  @Post(':id/close')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Close it: its cause is known, and what was to be done is done.' })
  close(@Param('id') id: string, @Body() { conclusion }: CloseNonconformanceDto): Promise<NonconformanceView> {
    return this.handle(id, { type: 'close', id, conclusion });
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Requires('inventory:quality')
  @ApiOperation({ summary: 'Open a closed one again.' })
  reopen(@Param('id') id: string, @Body() { reason }: ReopenNonconformanceDto): Promise<NonconformanceView> {
    return this.handle(id, { type: 'reopen', id, reason });
  }

  @Get()
  @Requires('inventory:read')
  @ReadsFrom(QUALITY)
  @ApiOperation({ summary: 'Nonconformances by id, page by page.' })
  async list(@Query() { lot, party, ...asked }: ListNonconformancesDto): Promise<Page<NonconformanceView>> {
    const { items, ...more } = await this.queries.nonconformances({
      ...asked,
      lot: lot === undefined ? undefined : canonicalId(lot).id,
      party: party === undefined ? undefined : partyIdOf(party).id,
    });
    return { items: items.map(viewOf), ...more };
  }

  @Get(':id')
  @Requires('inventory:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'One nonconformance as it is now; its ETag is what If-Match takes.' })
  async get(@Param('id') id: string): Promise<NonconformanceView> {
    const events = await this.log.readStream(nonconformanceStream(id));
    const state = (events as unknown as NonconformanceEvent[]).reduce(
      nonconformanceDecider.evolve,
      nonconformanceDecider.initialState(),
    );
    if (state === null) throw notFound('nonconformance-unknown', `there is no nonconformance ${id}`);
    answerRevision(events.at(-1)?.revision ?? -1);
    return viewOf(state);
  }

  private async handle(id: string, request: NonconformanceRequest): Promise<NonconformanceView> {
    const { state, revision } = await handleCommand({
      log: this.log,
      stream: nonconformanceStream(id),
      decider: nonconformanceDecider,
      command: { ...request, now: this.clock().toISOString() },
      source: 'lotline/inventory',
      expected: expectedRevision(),
    });
    answerRevision(revision);
    if (state === null) throw notFound('nonconformance-unknown', `there is no nonconformance ${id}`);
    return viewOf(state);
  }
}
