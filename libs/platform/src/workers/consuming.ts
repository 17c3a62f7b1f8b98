import { setTimeout as delay } from 'node:timers/promises';
import { allPartitions, type Subscription } from '#event-bus';
import { LotlineError } from '#kernel';
import {
  createProjectionRunner,
  createReactor,
  type ProjectionReader,
  type ProjectionRunner,
  type Reactor,
} from '#projections';
import type { Infrastructure } from '../infrastructure/infrastructure.js';
import { observeReactions, observeWork } from './observe-work.js';
import type { Work } from './work.js';
import { tellIfPoolIsSmall } from './pool-floor.js';

/** All background work of a process. */
export interface Consuming {
  /**
   * Begins to work. Where the broker is away it resolves all the same, and work begins when the broker answers: what is
   * asked of the process meanwhile does not depend on it.
   * @throws whatever else keeps the work from beginning.
   */
  start(): Promise<void>;
  /** Whether the work has begun. */
  isWorking(): boolean;
  /** Ends what calls other contexts or takes records in; read models go on. Batches under way are finished. Idempotent. */
  stopReacting(): Promise<void>;
  /** Ends all. Batches under way are finished, with their checkpoints; then the groups are left. Idempotent. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

const isAway = (error: unknown): boolean => error instanceof LotlineError && error.kind === 'unavailable';

export const createConsuming = (infrastructure: Infrastructure, work: Work, reader: ProjectionReader): Consuming => {
  const { pool, log, bus, records, logger, metrics } = infrastructure;
  const ended = new AbortController();
  const observer = observeWork(logger, metrics);
  let runner: ProjectionRunner | undefined;
  let reactors: Reactor[] = [];
  const receipts: Subscription[] = [];
  let isWorking = false;
  let starting: Promise<void> | undefined;
  let stoppedReacting: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  const followLog = async (): Promise<void> => {
    if (work.projectors.length + work.reactors.length === 0) return;
    const partitions = allPartitions(await bus.partitions());
    tellIfPoolIsSmall(infrastructure, work, partitions.length);
    runner ??= createProjectionRunner({ pool, log, bus, projectors: work.projectors, partitions, observer, reader });
    await runner.start();
    if (reactors.length === 0)
      reactors = work.reactors.map(({ options, handle }) =>
        createReactor({ ...options, pool, log, bus, partitions, handle, observer: observeReactions(logger) }),
      );
    if (!ended.signal.aborted) for (const reactor of reactors) await reactor.start();
  };

  const receive = async (): Promise<void> => {
    for (const { topic, options, handle } of work.receivers.slice(receipts.length))
      receipts.push(await records.receive({ topic, ...options, onRecords: handle }));
  };

  const begin = async (): Promise<void> => {
    await followLog();
    await receive();
    isWorking = true;
  };

  const keepTrying = async (): Promise<void> => {
    for (let pause = FIRST_PAUSE_MS; !isWorking; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await delay(pause, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      await begin().then(
        () => logger.info('the broker answers; the background work has begun'),
        (err: unknown) => logger.warn({ err }, 'the background work could not begin; it is tried again'),
      );
    }
  };

  const stopReacting = async (): Promise<void> => {
    ended.abort();
    await starting;
    await Promise.all([...receipts, ...reactors].map((worker) => worker.stop()));
  };

  return {
    start: async () => {
      try {
        await begin();
      } catch (err) {
        if (!isAway(err)) throw err;
        logger.error({ err }, 'the broker is away; the background work begins when it answers');
        starting = keepTrying();
      }
    },
    isWorking: () => isWorking,
    stopReacting: () => (stoppedReacting ??= stopReacting()),
    stop: () =>
      (stopped ??= (stoppedReacting ??= stopReacting()).then(async () => {
        await runner?.stop();
      })),
  };
};
