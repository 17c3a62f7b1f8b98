import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import { notFound, type Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
  EVENT_LOG,
  expectedRevision,
  handleCommand,
  PUBLIC_API,
  Requires,
  type PublicApi,
} from '#platform';
import { productionDecider } from '../../domain/decide.js';
import type { Production, Transformation } from '../../domain/production.js';
import type { StepCommand } from '../../domain/steps.js';
import { productionStream, stepTransformationId, transformationId } from '../../domain/transformation-id.js';
import { itemsOfRun, stepAnswer, type StepAnswer } from '../runs/run-answer.js';
import { readProduction } from '../transformations/read-production.js';
import { madeUpName, recordTransformation, SOURCE } from '../transformations/record-transformation.js';
import { statementOf } from '../transformations/statement-of.js';
import { RecordInStepDto } from '../transformations/transformation.dto.js';
import { StartStepDto, StepChangeDto, StepStopDto } from './step.dto.js';

const kgm = (value: string) => ({ value, unit: 'KGM' });
const place = 'https://id.gs1.org/414/9506000100016';
const stopping = { pause: { value: { reason: 'change of shift' } } };

/** Steps of a run: what is consumed and produced between start and end of one is one transformation. */
@Controller('production/runs/:run/steps')
@ApiTags('production')
export class StepsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PUBLIC_API) private readonly api: PublicApi,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Requires('production:write')
  @ApiOperation({ summary: 'Start a step of a run.' })
  @ApiBody({ type: StartStepDto, examples: { ferment: { value: { step: 'ferment' } } } })
  @ApiUnprocessableEntityResponse({ description: 'step-started, run-completed, run-aborted, in-the-future …' })
  start(@Param('run') run: string, @Body() body: StartStepDto): Promise<StepAnswer> {
    const transformation = stepTransformationId(body.transformation, run, body.step);
    const kind = body.kind ?? 'production';
    return this.handle(run, { type: 'start-step', transformation, kind, ...this.times(body.step, body) });
  }

  @Post(':step/pause')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Let a step rest: nothing is recorded in it until it is resumed.' })
  @ApiBody({ type: StepStopDto, examples: stopping })
  @ApiUnprocessableEntityResponse({ description: 'step-paused, step-completed, step-aborted, before-last-change …' })
  pause(@Param('run') run: string, @Param('step') step: string, @Body() body: StepStopDto): Promise<StepAnswer> {
    return this.handle(run, { type: 'pause-step', reason: body.reason, ...this.times(step, body) });
  }

  @Post(':step/resume')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Go on with a step that is paused.' })
  @ApiBody({ type: StepChangeDto, examples: { now: { value: {} } } })
  @ApiUnprocessableEntityResponse({ description: 'step-not-paused, step-completed, step-aborted …' })
  resume(@Param('run') run: string, @Param('step') step: string, @Body() body: StepChangeDto): Promise<StepAnswer> {
    return this.handle(run, { type: 'resume-step', ...this.times(step, body) });
  }

  @Post(':step/complete')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Complete a step; the answer says what came out against what was expected.' })
  @ApiBody({ type: StepChangeDto, examples: { now: { value: {} } } })
  @ApiUnprocessableEntityResponse({ description: 'step-paused, consumption-open, more-out-than-in, not-a-split …' })
  async complete(
    @Param('run') run: string,
    @Param('step') step: string,
    @Body() body: StepChangeDto,
  ): Promise<StepAnswer> {
    const times = this.times(step, body);
    return this.handle(run, async () => {
      const { state } = await readProduction(this.log, productionStream({ run }));
      return { type: 'complete-step', items: await itemsOfRun(this.log, state), ...times };
    });
  }

  @Post(':step/abort')
  @HttpCode(200)
  @Requires('production:write')
  @ApiOperation({ summary: 'Give a step up. What was recorded in it stands, until it is corrected.' })
  @ApiBody({ type: StepStopDto, examples: { abort: { value: { reason: 'the culture did not start' } } } })
  @ApiUnprocessableEntityResponse({ description: 'step-completed, step-aborted, consumption-open …' })
  abort(@Param('run') run: string, @Param('step') step: string, @Body() body: StepStopDto): Promise<StepAnswer> {
    return this.handle(run, { type: 'abort-step', reason: body.reason, ...this.times(step, body) });
  }

  @Post(':step/records')
  @Requires('production:write')
  @ApiOperation({
    summary: 'Record what a step consumed, produced or lost by now; the stock book must let the inputs go.',
  })
  @ApiBody({
    type: RecordInStepDto,
    examples: {
      consume: {
        value: {
          place,
          inputs: [{ item: '09506000134352', lotCode: 'MILK-0419', amount: kgm('300') }],
          outputs: [],
        },
      },
      produce: {
        value: {
          place,
          inputs: [],
          outputs: [{ item: '09506000134376', lotCode: 'YOG-0420', amount: kgm('298') }],
          losses: [{ amount: kgm('1.5'), reason: 'left in the pipes' }],
        },
      },
    },
  })
  @ApiUnprocessableEntityResponse({
    description: 'step-paused, step-completed, step-aborted, lot-held, insufficient-stock, made-of-itself …',
  })
  async record(
    @Param('run') run: string,
    @Param('step') step: string,
    @Body() body: RecordInStepDto,
  ): Promise<Transformation> {
    const { state: before } = await readProduction(this.log, productionStream({ run }));
    const kind = startedIn(before, run, step).started.kind;
    const transformation = transformationId(body.transformation ?? madeUpName(), run);
    const { state, revision } = await recordTransformation(
      { log: this.log, api: this.api, clock: this.clock },
      {
        transformation,
        run,
        step,
        statement: statementOf(body, kind),
        eventTime: body.eventTime ?? this.clock().toISOString(),
      },
    );
    const recorded = state.transformations.get(transformation);
    if (!recorded) throw notFound('transformation-unknown', `${transformation} was not recorded`);
    answerRevision(revision);
    return recorded;
  }

  private times(step: string, { eventTime }: StepChangeDto): { step: string; at: string; now: string } {
    const now = this.clock().toISOString();
    return { step, at: eventTime ?? now, now };
  }

  private async handle(run: string, command: StepCommand | (() => Promise<StepCommand>)): Promise<StepAnswer> {
    const { state, revision, events } = await handleCommand({
      log: this.log,
      stream: productionStream({ run }),
      decider: productionDecider,
      command,
      source: SOURCE,
      expected: expectedRevision(),
    });
    answerRevision(revision);
    const { step } = events[0]?.data as { step: string };
    return stepAnswer(startedIn(state, run, step), state, await itemsOfRun(this.log, state));
  }
}

const startedIn = (state: Production, run: string, step: string) => {
  if (!state.run) throw notFound('run-unknown', `run ${run} was not started`);
  const started = state.steps.get(step);
  if (!started) throw notFound('step-unknown', `step ${step} of run ${run} was not started`);
  return started;
};
