import { setTimeout } from 'node:timers/promises';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  HoldLifted,
  InspectionRecorded,
  LotExcluded,
  LotHeld,
  LotRejected,
  LotReleased,
  RecallClosed,
  RecallOpened,
  RecallReopened,
  type RecordedEvent,
} from '#contracts';
import { LOGGER, processContext, ReactsTo } from '#platform';
import { factStoreHandles } from '#traceability';
import type { Logger } from 'pino';
import { isLate } from '../scope/genealogy.js';
import { CASE_KEEPER, CASE_LIST } from '../tokens.js';
import type { CaseKeeper } from './case-keeper.js';
import type { CaseList } from './case-list.js';
import { CASE_EVENTS } from './cases-projector.js';

/** Notes on lots: they move nothing and name nothing that could bring a lot into scope. */
const NOTES = [LotHeld, HoldLifted, LotReleased, LotRejected, InspectionRecorded].map(({ type }) => type as string);

/** What cases decide, after which their holds have to follow even if whoever decided it is gone. */
const DECISIONS = [RecallOpened, RecallClosed, RecallReopened, LotExcluded].map(({ type }) => type as string);

/** Whatever may change what a case covers, and what cases decide. */
const HANDLED: ReadonlyMap<string, number> = new Map([
  ...[...factStoreHandles].filter(([type]) => !NOTES.includes(type)),
  ...CASE_EVENTS.filter(({ type }) => DECISIONS.includes(type)).map(({ type, version }) => [type, version] as const),
]);

const LONGEST_PAUSE_MS = 1_000;

/**
 * Follows the log: while cases are open, each fact may widen them, and does so within seconds, naming the event. Its
 * checkpoint survives a restart; events handled twice change nothing the second time.
 */
@Controller()
export class FollowRecord {
  private notBefore = 0;

  constructor(
    @Inject(CASE_LIST) private readonly cases: CaseList,
    @Inject(CASE_KEEPER) private readonly keeper: CaseKeeper,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @ReactsTo({ name: 'recall-scope', handles: HANDLED, batchSize: 1_000 })
  follow(@Payload() events: readonly RecordedEvent[]): Promise<void> {
    return this.paced(() => this.handle(events));
  }

  private async handle(events: readonly RecordedEvent[]): Promise<void> {
    const cause = events.at(-1);
    if (!cause) return;
    const decisions = events.filter((event) => DECISIONS.includes(event.type));
    const decided = decisions.map((event) => (event.data as { case: string }).case);
    const open = decisions.length < events.length ? await this.cases.open(cause.position) : [];
    const context = processContext('recall-scope', cause);
    const late: unknown[] = [];
    for (const id of new Set([...open, ...decided]))
      try {
        await this.keeper.keep(id, { context, minPosition: cause.position });
      } catch (err) {
        // Whoever is late is asked again. Any other failure is of this case alone, and the reconciler comes back to it:
        // it must not keep other cases from what the record says since.
        if (isLate(err)) late.push(err);
        else this.logger.error({ err, case: id }, 'a recall case could not be brought in line with the record');
      }
    if (late.length > 0) throw new AggregateError(late, 'other contexts are late');
  }

  /** Facts that come meanwhile are looked at together: half of the time at most goes into open cases, however large. */
  private async paced(work: () => Promise<void>): Promise<void> {
    await setTimeout(Math.max(0, this.notBefore - performance.now()));
    const started = performance.now();
    try {
      await work();
    } finally {
      const ended = performance.now();
      this.notBefore = ended + Math.min(ended - started, LONGEST_PAUSE_MS);
    }
  }
}
