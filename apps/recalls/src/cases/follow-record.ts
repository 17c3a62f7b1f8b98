import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RecallClosed, type RecordedEvent } from '#contracts';
import type { EventBus } from '#event-bus';
import type { EventLog } from '#event-log';
import { EVENT_BUS, EVENT_LOG, LOGGER, PG_POOL, processContext } from '#platform';
import { createReactor, type Reactor } from '#projections';
import { factStoreHandles } from '#traceability';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { CASE_KEEPER, CASE_LIST } from '../tokens.js';
import type { CaseKeeper } from './case-keeper.js';
import type { CaseList } from './case-list.js';
import { CASE_EVENTS } from './cases-projector.js';

/** Whatever may change what a case covers, and what cases say themselves. */
const HANDLED: ReadonlyMap<string, number> = new Map([
  ...factStoreHandles,
  ...CASE_EVENTS.map(({ type, version }) => [type, version] as const),
]);

/**
 * Follows the log: while cases are open, each fact may widen them, and does so within seconds, naming the event. Its
 * checkpoint survives a restart; events handled twice change nothing the second time.
 */
@Injectable()
export class FollowRecord implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly reactor: Reactor;

  constructor(
    @Inject(PG_POOL) pool: Pool,
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(EVENT_BUS) bus: EventBus,
    @Inject(CASE_LIST) private readonly cases: CaseList,
    @Inject(CASE_KEEPER) private readonly keeper: CaseKeeper,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.reactor = createReactor({
      name: 'recall-scope',
      handles: HANDLED,
      pool,
      log,
      bus,
      batchSize: 1_000,
      handle: async (events) => this.handle(events),
      observer: {
        failed: ({ error }) =>
          logger.warn({ err: error }, 'recall cases are not up to date; the next round tries again'),
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reactor.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.reactor.stop();
  }

  private async handle(events: readonly RecordedEvent[]): Promise<void> {
    const cause = events.at(-1);
    if (!cause) return;
    const open = await this.cases.open(cause.position);
    const closed = events
      .filter((event) => event.type === RecallClosed.type)
      .map((event) => (event.data as { case: string }).case);
    const context = processContext('recall-scope', cause);
    for (const id of new Set([...open, ...closed]))
      await this.keeper.keep(id, { context, minPosition: cause.position });
  }
}
