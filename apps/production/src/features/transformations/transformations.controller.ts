import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { Logger } from 'pino';
import type { TransformationKind } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, notFound, type Clock } from '#kernel';
import {
  answerRevision,
  CLOCK,
  commandContext,
  EVENT_LOG,
  expectedRevision,
  handleCommand,
  LOGGER,
  PUBLIC_API,
  ReadsFrom,
  Requires,
  type Handled,
  type PublicApi,
} from '#platform';
import { productionDecider } from '../../domain/decide.js';
import { withDates } from '../../domain/output-dates.js';
import type { Production, Transformation } from '../../domain/production.js';
import { productionStream, transformationId } from '../../domain/transformation-id.js';
import { readItems } from '../items/read-items.js';
import { readProduction } from './read-production.js';
import { giveUp, madeUpName, recordTransformation, SOURCE, streamOf } from './record-transformation.js';
import { statementOf } from './statement-of.js';
import { CorrectTransformationDto, RecordTransformationDto } from './transformation.dto.js';

const kgm = (value: string) => ({ value, unit: 'KGM' });
const ferment = {
  place: '9506000100016',
  inputs: [{ item: '09506000134352', lotCode: 'MILK-0419', amount: kgm('300') }],
  outputs: [{ item: '09506000134376', lotCode: 'YOG-0420', amount: kgm('298') }],
};
const split = {
  kind: 'split',
  place: '9506000100016',
  inputs: [{ item: '09506000134376', lotCode: 'YOG-0420', amount: kgm('298') }],
  outputs: [
    { item: '09506000134376', lotCode: 'YOG-0420-A', amount: kgm('200') },
    { item: '09506000134376', lotCode: 'YOG-0420-B', amount: kgm('98') },
  ],
};
const RECORDS = { production: { value: { transformation: 'ferment', ...ferment } }, split: { value: split } };
const CORRECTIONS = {
  restated: { value: { reason: 'typed 300 for 280', statement: ferment } },
  withdrawn: { value: { reason: 'it never happened' } },
};
const REFUSALS = {
  description:
    'lot-held, lot-expired, insufficient-stock, more-out-than-in, made-of-itself, run-completed, step-paused …',
};

@Controller('production')
@ApiTags('production')
export class TransformationsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PUBLIC_API) private readonly api: PublicApi,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('transformations')
  @Requires('production:write')
  @ApiBody({ type: RecordTransformationDto, examples: RECORDS })
  @ApiUnprocessableEntityResponse(REFUSALS)
  @ApiOperation({ summary: 'Record that lots were made of lots; the stock book must let the inputs go.' })
  record(@Body() body: RecordTransformationDto): Promise<Transformation> {
    return this.recordIn(undefined, body);
  }

  @Post('runs/:run/transformations')
  @Requires('production:write')
  @ApiBody({ type: RecordTransformationDto, examples: RECORDS })
  @ApiUnprocessableEntityResponse(REFUSALS)
  @ApiOperation({ summary: 'Record a transformation of a run that is not completed.' })
  recordInRun(@Param('run') run: string, @Body() body: RecordTransformationDto): Promise<Transformation> {
    return this.recordIn(run, body);
  }

  @Get('transformations/:transformation')
  @Requires('production:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'A transformation outside of any run, as it stands.' })
  get(@Param('transformation') transformation: string): Promise<Transformation> {
    return this.read(undefined, transformation);
  }

  @Get('runs/:run/transformations/:transformation')
  @Requires('production:read')
  @ReadsFrom()
  @ApiOperation({ summary: 'A transformation of a run, as it stands.' })
  getInRun(@Param('run') run: string, @Param('transformation') transformation: string): Promise<Transformation> {
    return this.read(run, transformation);
  }

  @Post('transformations/:transformation/corrections')
  @HttpCode(200)
  @Requires('production:write')
  @ApiBody({ type: CorrectTransformationDto, examples: CORRECTIONS })
  @ApiUnprocessableEntityResponse({
    description: 'more-out-than-in, made-of-itself, dates-contradict, in-the-future …',
  })
  @ApiOperation({ summary: 'Void what was recorded and state what happened instead, or that it did not happen.' })
  correct(
    @Param('transformation') transformation: string,
    @Body() body: CorrectTransformationDto,
  ): Promise<Transformation> {
    return this.correctIn(undefined, transformation, body);
  }

  @Post('runs/:run/transformations/:transformation/corrections')
  @HttpCode(200)
  @Requires('production:write')
  @ApiBody({ type: CorrectTransformationDto, examples: CORRECTIONS })
  @ApiUnprocessableEntityResponse({
    description: 'more-out-than-in, made-of-itself, dates-contradict, in-the-future …',
  })
  @ApiOperation({ summary: 'The same for a transformation of a run, completed or not.' })
  correctInRun(
    @Param('run') run: string,
    @Param('transformation') transformation: string,
    @Body() body: CorrectTransformationDto,
  ): Promise<Transformation> {
    return this.correctIn(run, transformation, body);
  }

  private now(): string {
    return this.clock().toISOString();
  }

  private async recordIn(run: string | undefined, body: RecordTransformationDto): Promise<Transformation> {
    const transformation = transformationId(body.transformation ?? madeUpName(), run);
    const kind = run === undefined || body.step === undefined ? undefined : await this.kindOfStep(run, body.step);
    const handled = await recordTransformation(
      { log: this.log, api: this.api, clock: this.clock },
      {
        transformation,
        run,
        step: body.step,
        statement: statementOf(body, kind),
        eventTime: body.eventTime ?? this.now(),
      },
    );
    return found(handled, transformation);
  }

  /** undefined where the step is a mere name. */
  private async kindOfStep(run: string, step: string): Promise<TransformationKind | undefined> {
    const { state } = await readProduction(this.log, productionStream({ run }));
    return state.steps.get(step)?.started.kind;
  }

  private async read(run: string | undefined, named: string): Promise<Transformation> {
    const transformation = transformationId(named, run);
    return found(await readProduction(this.log, streamOf({ run, transformation })), transformation);
  }

  private async correctIn(
    run: string | undefined,
    named: string,
    body: CorrectTransformationDto,
  ): Promise<Transformation> {
    const transformation = transformationId(named, run);
    const stream = streamOf({ run, transformation });
    const { state } = await readProduction(this.log, stream);
    const before = state.transformations.get(transformation);
    const kind = before?.partOf === undefined ? undefined : state.steps.get(before.step ?? '')?.started.kind;
    const stated = body.statement && statementOf(body.statement, kind);
    const eventTime = body.statement?.eventTime ?? before?.eventTime ?? this.now();
    const items = await readItems(this.log, stated?.outputs.flatMap(({ lot }) => canonicalId(lot).item ?? []) ?? []);
    const handled = await handleCommand({
      log: this.log,
      stream,
      decider: productionDecider,
      command: {
        type: 'correct',
        transformation,
        run,
        reason: body.reason,
        ...(stated && { statement: withDates(stated, eventTime, items) }),
        eventTime,
        now: this.now(),
        items,
      },
      source: SOURCE,
      expected: expectedRevision(),
    });
    await this.takeOutOfBook(handled, { transformation, run, reason: body.reason });
    return found(handled, transformation);
  }

  /** The correction stands either way; what does not succeed now is done by the sweeper. */
  private async takeOutOfBook(
    { state }: Handled<Production>,
    of: { transformation: string; run: string | undefined; reason: string },
  ): Promise<void> {
    const attempt = state.attempts.get(of.transformation);
    if (attempt?.state !== 'returning') return;
    const parts = { log: this.log, api: this.api, clock: this.clock };
    await giveUp(parts, { ...of, attempt: attempt.attempt, issued: true, context: commandContext() }).catch(
      (err: unknown) => this.logger.warn({ err, ...of }, 'the issue of a corrected transformation is undone later'),
    );
  }
}

const found = (
  { state, revision }: Pick<Handled<Production>, 'state' | 'revision'>,
  transformation: string,
): Transformation => {
  const recorded = state.transformations.get(transformation);
  if (!recorded) throw notFound('transformation-unknown', `${transformation} was not recorded`);
  answerRevision(revision);
  return recorded;
};
