import { randomUUID } from 'node:crypto';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { answerRevision, handleCommand, type CommandContext } from '#platform';
import { recallDecider, type RecallCommand } from '../domain/decide.js';
import {
  foldCase,
  heldLots,
  inScope,
  recallHold,
  recallStream,
  type OpenedCase,
  type RecallCase,
} from '../domain/recall-case.js';
import { dueNotices, foundScope, scopeFrom, without, type Scope } from '../domain/scope.js';
import type { Genealogy } from '../scope/genealogy.js';
import type { StockHolds } from './stock-holds.js';

export interface KeepOptions {
  context: CommandContext;
  /** The record up to here has to be seen. */
  minPosition?: string | undefined;
  /** Asks the stock books for every hold, also for those that were noted before. */
  verify?: boolean;
  /** Told what an open case's suspects reach. */
  found?: (scope: Scope) => void;
}

type WithoutNow<Command> = Command extends unknown ? Omit<Command, 'now'> : never;

export interface CaseKeeper {
  /** The revision read becomes the `ETag` of the request that is being handled. */
  read(id: string): Promise<RecallCase>;
  command(
    id: string,
    command: WithoutNow<RecallCommand>,
    options?: { context?: CommandContext; step?: string; expected?: number | undefined },
  ): Promise<OpenedCase>;
  /**
   * Brings a case in line with the record: an open one covers everything that its suspects reach, holds it and has a
   * notice for everyone who got any of it; a closed one holds nothing. What is in line already is left alone, so it may
   * run at any time, again after a crash at any point, and by several processes at once.
   * @throws LotlineError `behind` or `unavailable` where another context is late: try again.
   */
  keep(id: string, options: KeepOptions): Promise<RecallCase>;
}

export const createCaseKeeper = (deps: {
  log: EventLog;
  genealogy: Genealogy;
  holds: StockHolds;
  clock: Clock;
}): CaseKeeper => {
  const { log, genealogy, holds, clock } = deps;

  const read: CaseKeeper['read'] = async (id) => {
    const events = await log.readStream(recallStream(id));
    const revision = events.at(-1)?.revision;
    if (revision !== undefined) answerRevision(revision);
    return foldCase(events);
  };

  const command: CaseKeeper['command'] = async (id, asked, { context, step, expected } = {}) => {
    const { state } = await handleCommand({
      log,
      stream: recallStream(id),
      decider: recallDecider,
      command: { ...asked, now: clock().toISOString() },
      source: 'lotline/recalls',
      expected,
      ...(context && { context }),
      // What a case lacks is decided from its state, so a step may come again within one command and mean something new.
      ...(step !== undefined && { step: `${step}:${randomUUID()}` }),
    });
    if (!state) throw new Error(`case ${id} has no events after a command`);
    return state;
  };

  /** The same where there may be nothing to do: then the stream is not even read again. */
  const bringTo = async (
    recall: OpenedCase,
    asked: WithoutNow<RecallCommand>,
    context: CommandContext,
    step: string,
  ): Promise<OpenedCase> =>
    recallDecider.decide({ ...asked, now: clock().toISOString() }, recall).length === 0
      ? recall
      : command(recall.case, asked, { context, step });

  const lift = async (
    recall: OpenedCase,
    lots: readonly string[],
    reason: string,
    context: CommandContext,
    step: string,
  ): Promise<OpenedCase> => {
    if (lots.length === 0) return recall;
    const lifted = await holds.lift(recallHold(recall.case), lots, reason);
    return bringTo(recall, { type: 'note-lifted', lots: lifted }, context, step);
  };

  const keepOpen = async (
    recall: OpenedCase,
    { context, minPosition, verify, found }: KeepOptions,
  ): Promise<OpenedCase> => {
    const id = recall.case;
    const scope = scopeFrom(await genealogy.scope(recall.suspects, minPosition));
    found?.(scope);
    const excluded = new Set(Object.entries(recall.lots).flatMap(([lot, e]) => (e.excluded ? [lot] : [])));
    const covered = without(scope, excluded);
    let kept = await bringTo(recall, { type: 'widen', found: foundScope(covered) }, context, 'widen');
    if (kept.drill || kept.status !== 'open') return kept;

    const wanted = inScope(kept).filter((lot) => verify === true || kept.lots[lot]?.held === undefined);
    if (wanted.length > 0) {
      const held = await holds.hold(recallHold(id), wanted, kept.reason);
      kept = await bringTo(kept, { type: 'note-held', lots: held }, context, 'held');
    }
    const outside = heldLots(kept).filter((lot) => kept.lots[lot]?.excluded !== undefined);
    kept = await lift(kept, outside, 'taken out of the recall', context, 'lift-excluded');
    return bringTo(kept, { type: 'notify', due: dueNotices(covered) }, context, 'notify');
  };

  // All its lots, not only those noted as held: a hold may have been set by a process that died before it could say so.
  const keepClosed = async (recall: OpenedCase, { context }: KeepOptions): Promise<OpenedCase> =>
    recall.drill ? recall : lift(recall, Object.keys(recall.lots), 'the recall is closed', context, 'lift');

  return {
    read,
    command,
    keep: async (id, asked) => {
      const events = await log.readStream(recallStream(id));
      const recall = foldCase(events);
      if (!recall) return undefined;
      // Whatever was recorded before the case was opened belongs to it from the first, whoever looks at it first.
      const minPosition = [asked.minPosition ?? '', events.at(-1)?.position ?? ''].sort().at(-1);
      const options = { ...asked, minPosition };
      await (recall.status === 'open' ? keepOpen(recall, options) : keepClosed(recall, options));
      const kept = await read(id);
      if (!kept || kept.status === recall.status) return kept;
      // Decided otherwise meanwhile: what was just done may be the wrong way round.
      return keepAgain(kept, options);
    },
  };

  async function keepAgain(recall: OpenedCase, options: KeepOptions): Promise<OpenedCase> {
    const verified = { ...options, verify: true };
    return recall.status === 'open' ? keepOpen(recall, verified) : keepClosed(recall, verified);
  }
};
