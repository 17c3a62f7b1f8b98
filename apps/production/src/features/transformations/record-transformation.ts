import type { TransformationStatement } from '#contracts';
import type { EventLog } from '#event-log';
import { calendarDay, canonicalId, LotlineError, uuidFromName, type Clock } from '#kernel';
import {
  commandContext,
  expectedRevision,
  handleCommand,
  type CommandContext,
  type Handled,
  type PublicApi,
} from '#platform';
import { isSameAttempt, productionDecider, type ProductionCommand } from '../../domain/decide.js';
import { withDates } from '../../domain/output-dates.js';
import type { Attempt, Production } from '../../domain/production.js';
import { actOf, productionStream } from '../../domain/transformation-id.js';
import { readItems } from '../items/read-items.js';
import { readProduction } from './read-production.js';
import { issueStock, undoIssue, untilKnown } from './stock-issues.js';

export interface RecordRequest {
  transformation: string;
  run?: string | undefined;
  step?: string | undefined;
  statement: TransformationStatement;
  eventTime: string;
}

interface Parts {
  log: EventLog;
  api: PublicApi;
  clock: Clock;
}

export const SOURCE = 'lotline/production';

/** Of a transformation that its caller does not name: the same when the request is sent again, so that it is recorded once. */
export const madeUpName = (): string => uuidFromName(`transformation:${commandContext().eventSeed}`);

const itemsOf = (statement: TransformationStatement): string[] =>
  statement.outputs.flatMap(({ lot }) => canonicalId(lot).item ?? []);

/**
 * Begins (the attempt is known before any stock is asked for), has the stock issued, records. What is cut short in between
 * is gone on with by the same request, superseded by another, or given up and undone by the sweeper: a recorded
 * transformation has its issue, and no issue stays without its transformation.
 * @throws LotlineError `refused` with every reason against it, `conflict`, `unavailable`.
 */
export const recordTransformation = async (parts: Parts, request: RecordRequest): Promise<Handled<Production>> => {
  const { log, api, clock } = parts;
  const { transformation, run, step, eventTime } = request;
  const context = commandContext();
  const items = await readItems(log, itemsOf(request.statement));
  const statement = withDates(request.statement, eventTime, items);
  const now = clock().toISOString();
  const stated = { transformation, run, step, statement, eventTime, now, items };
  const handle = (command: ProductionCommand, step_: string, expected?: number): Promise<Handled<Production>> =>
    handleCommand({
      log,
      stream: streamOf(request),
      decider: productionDecider,
      command,
      source: SOURCE,
      context,
      step: step_,
      expected,
    });

  if (statement.inputs.length === 0) return handle({ type: 'record', ...stated }, 'record', expectedRevision());

  const before = (await readProduction(log, streamOf(request))).state.attempts.get(transformation);
  if (before && isInTheWay(before, stated))
    await giveUp(parts, {
      ...request,
      attempt: before.attempt,
      reason: 'tried again otherwise',
      issued: true,
      context,
    });
  const begun = await handle({ type: 'begin', ...stated }, `begin:${(before?.attempt ?? 0) + 1}`, expectedRevision());
  if (begun.state.transformations.has(transformation)) return begun;
  const attempt = begun.state.attempts.get(transformation)?.attempt ?? 1;

  const reference = actOf(transformation);
  let isIssued = false;
  try {
    await issueStock(api, { reference, attempt, statement, neededOn: calendarDay(eventTime) ?? now.slice(0, 10) });
    isIssued = true;
    return await handle({ type: 'record', attempt, ...stated }, `record:${attempt}`);
  } catch (error) {
    if (isFinal(error)) {
      const issued = isIssued || error.details.partial === true;
      await giveUp(parts, { ...request, attempt, reason: error.message, issued, context });
    }
    throw error;
  }
};

/** Refused by us or by the stock book: this attempt cannot succeed any more. Anything else may yet, on a retry. */
const isFinal = (error: unknown): error is LotlineError =>
  error instanceof LotlineError && (error.kind === 'refused' || error.kind === 'not-found');

export const streamOf = ({ run, transformation }: { run?: string | undefined; transformation: string }): string =>
  productionStream(run === undefined ? { transformation } : { run });

/** It may hold stock that the new one does not ask for, in other books, so it is ended first. */
const isInTheWay = (before: Attempt, stated: Parameters<typeof isSameAttempt>[1]): boolean =>
  before.state === 'returning' || (before.state === 'open' && !isSameAttempt(before, stated));

export interface GivenUp {
  transformation: string;
  run?: string | undefined;
  attempt: number;
  reason: string;
  /** Stock may have been issued to it. */
  issued: boolean;
  context: CommandContext;
}

/**
 * Ends an attempt that is not recorded, or whose transformation was corrected: first fences it off, so that it cannot be
 * recorded any more, then takes its issue out of the stock book. What is cut short in between is done by calling it again.
 */
export const giveUp = async ({ log, api, clock }: Parts, given: GivenUp): Promise<void> => {
  const { transformation, run, attempt, reason, issued, context } = given;
  const now = clock().toISOString();
  const handle = (command: ProductionCommand): Promise<Handled<Production>> =>
    handleCommand({
      log,
      stream: streamOf(given),
      decider: productionDecider,
      command,
      source: SOURCE,
      context,
      step: `${command.type}:${attempt}`,
    });
  const { state } = await handle({ type: 'abandon', transformation, run, attempt, reason, issued, now });
  const current = state.attempts.get(transformation);
  if (current?.attempt !== attempt || current.state !== 'returning') return;
  const lots = current.statement.inputs.map(({ lot }) => lot);
  await untilKnown(api, lots, await log.head());
  await undoIssue(api, { reference: actOf(transformation), attempt, reason, lots });
  await handle({ type: 'return', transformation, run, attempt, now });
};
