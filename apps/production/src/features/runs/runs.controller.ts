import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound, type Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
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
import { CompleteRunDto, ListRunsDto, StartRunDto } from './run.dto.js';
import { runAnswer, type RunAnswer } from './run-answer.js';

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
  start(@Body() body: StartRunDto): Promise<RunAnswer> {
    const run = body.run ?? randomUUID();
    return this.handle(run, {
      type: 'start',
      run: {
        run,
        place: placeIdOf(body.place).id,
        ...(body.item !== undefined && { item: itemNamed(body.item) }),
        ...(body.planned && { planned: { value: body.planned.value, unit: body.planned.unit } }),
        ...(body.order !== undefined && { order: body.order }),
      },
      at: body.eventTime ?? this.clock().toISOString(),
    });
  }

  @Post(':run/complete')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Complete a run: nothing more is recorded in it but corrections.' })
  complete(@Param('run') run: string, @Body() body: CompleteRunDto): Promise<RunAnswer> {
    return this.handle(run, { type: 'complete', at: body.eventTime ?? this.clock().toISOString() });
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

  private answer(run: string, state: Production, revision: number): RunAnswer {
    if (!state.run) throw notFound('run-unknown', `run ${run} was not started`);
    answerRevision(revision);
    return runAnswer(state.run, state);
  }
}
