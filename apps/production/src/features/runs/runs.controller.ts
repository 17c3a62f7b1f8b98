import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound, uuidFromName, type Clock } from '#kernel';
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
import { productionDecider, type ProductionCommand } from '../../domain/decide.js';
import type { Production } from '../../domain/production.js';
import { productionStream } from '../../domain/transformation-id.js';
import { ProductionQueries, type RunRow } from '../../read-model/queries.js';
import { itemNamed } from '../items/item-definition.js';
import { readProduction } from '../transformations/read-production.js';
import { SOURCE } from '../transformations/record-transformation.js';
import { AbortRunDto, CompleteRunDto, ListRunsDto, StartRunDto } from './run.dto.js';
import { itemsOfRun, runAnswer, type RunAnswer } from './run-answer.js';
import { startRun } from './start-run.js';

@Controller('production/runs')
@ApiTags('production')
export class RunsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ProductionQueries) private readonly queries: ProductionQueries,
  ) {}

  @Post()
  @Requires('production:write')
  @ApiOperation({ summary: 'Start a production run.' })
  @ApiBody({
    type: StartRunDto,
    examples: {
      order: { value: { run: 'R-2026-110', place: '9506000100016', order: 'PO-4711' } },
      item: { value: { place: '9506000100016', item: '09506000134376', planned: { value: '300', unit: 'KGM' } } },
    },
  })
  @ApiUnprocessableEntityResponse({ description: 'order-not-released, order-cancelled, order-of-another-item' })
  async start(@Body() body: StartRunDto): Promise<RunAnswer> {
    // Made up alike when the request is sent again.
    const run = body.run ?? uuidFromName(`run:${commandContext().eventSeed}`);
    const { state, revision } = await startRun(
      { log: this.log, clock: this.clock },
      {
        run,
        place: placeIdOf(body.place).id,
        ...(body.item !== undefined && { item: itemNamed(body.item) }),
        ...(body.planned && { planned: { value: body.planned.value, unit: body.planned.unit } }),
        ...(body.order !== undefined && { order: body.order }),
      },
      body.eventTime ?? this.now(),
    );
    return this.answer(run, state, revision);
  }

  @Post(':run/complete')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Complete a run: nothing more is recorded in it but corrections.' })
  @ApiBody({ type: CompleteRunDto, examples: { now: { value: {} } } })
  @ApiUnprocessableEntityResponse({ description: 'step-open, consumption-open, run-aborted' })
  complete(@Param('run') run: string, @Body() body: CompleteRunDto): Promise<RunAnswer> {
    return this.handle(run, { type: 'complete', at: body.eventTime ?? this.now() });
  }

  @Post(':run/abort')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Give a run up, its open steps with it. What was recorded stands, until it is corrected.' })
  @ApiBody({ type: AbortRunDto, examples: { cooling: { value: { reason: 'the fermenter lost its cooling' } } } })
  @ApiUnprocessableEntityResponse({ description: 'run-completed, consumption-open, in-the-future' })
  abort(@Param('run') run: string, @Body() body: AbortRunDto): Promise<RunAnswer> {
    const now = this.now();
    return this.handle(run, { type: 'abort', reason: body.reason, at: body.eventTime ?? now, now });
  }

  @Get()
  @Requires('production:read')
  @ReadsFrom('production')
  @ApiOperation({ summary: 'Runs by id, page by page.' })
  list(@Query() query: ListRunsDto): Promise<Page<RunRow>> {
    return this.queries.runs(query);
  }

  @Get(':run')
  @Requires('production:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'A run with its transformations as they stand.' })
  async get(@Param('run') run: string): Promise<RunAnswer> {
    const { state, revision } = await readProduction(this.log, productionStream({ run }));
    return this.answer(run, state, revision);
  }

  private async handle(run: string, command: ProductionCommand): Promise<RunAnswer> {
    const { state, revision } = await handleCommand({
      log: this.log,
      stream: productionStream({ run }),
      decider: productionDecider,
      command,
      source: SOURCE,
      expected: expectedRevision(),
    });
    return this.answer(run, state, revision);
  }

  private now(): string {
    return this.clock().toISOString();
  }

  private async answer(run: string, state: Production, revision: number): Promise<RunAnswer> {
    if (!state.run) throw notFound('run-unknown', `run ${run} was not started`);
    answerRevision(revision);
    return runAnswer(state.run, state, await itemsOfRun(this.log, state));
  }
}
