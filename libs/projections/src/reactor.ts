import type { RecordedEvent } from '#contracts';
import type { EventBus, Partition, Subscription } from '#event-bus';
import type { EventLog } from '#event-log';
import { notFound } from '#kernel';
import type { Pool } from 'pg';
import { lowest } from './engine/bring-to.js';
import { consumeFenced, partitionsOf } from './engine/consume-fenced.js';
import type { Observer } from './observer.js';
import { lockProjection } from './store/builds.js';
import { advanceCheckpoint, lockCheckpoints, resetCheckpoints } from './store/checkpoints.js';
import { inTransaction } from './store/transaction.js';

export interface ReactorOptions {
  /** Unique in the installation; names its checkpoint. */
  name: string;
  /** Types and versions it understands and wants; a newer version of a wanted type pauses it. */
  handles: ReadonlyMap<string, number>;
  /** As of a projector: every event type of this release. */
  knows?: ReadonlySet<string>;
  pool: Pool;
  log: EventLog;
  bus: EventBus;
  /** As of the projection runner; default 1. */
  partitions?: number | readonly Partition[];
  /** Default 100: what is handled again after a crash is at most that much. */
  batchSize?: number;
  /** Where it begins the first time: with all that ever happened (default), or with what happens from then on. */
  from?: 'beginning' | 'now';
  /**
   * Issues commands for events it wants, in log order per partition. At least once: after a crash, or by two processes at
   * once, the same events come again, so ids of commands derive from the event that caused them. A rejection is retried
   * with growing delays for as long as it takes and shows in the status; nothing is parked, as an event left out would be
   * a command that is never given.
   */
  handle: (events: readonly RecordedEvent[]) => Promise<void>;
  observer?: Observer;
}

export interface Reactor {
  start(): Promise<void>;
  /** Stops fetching, finishes the batch under way and its checkpoint. */
  stop(): Promise<void>;
}

const keyOf = (name: string): string => `reactor:${name}`;

/** The first start decides where it begins. Handling again is harmless, so another division goes on from the lowest. */
const ensureCheckpoints = async (options: ReactorOptions, of: number): Promise<void> => {
  const { pool, log, name, from } = options;
  const identity = await log.identity();
  const start = from === 'now' ? await log.head() : '';
  const consumer = keyOf(name);
  await inTransaction(pool, async (client) => {
    await lockProjection(client, consumer);
    const rows = await lockCheckpoints(client, consumer);
    const first = rows[0];
    if (first === undefined) await resetCheckpoints(client, consumer, of, start, identity);
    else if (rows.length !== of) await resetCheckpoints(client, consumer, of, lowest(rows), first.log);
  });
};

/** A named consumer with a checkpoint of its own that issues commands; process managers are made of it. */
export const createReactor = (options: ReactorOptions): Reactor => {
  const { name, pool, handle, observer = {}, batchSize = 100 } = options;
  const partitions = partitionsOf(options.partitions ?? 1);
  const consumer = keyOf(name);
  let subscription: Subscription | undefined;
  return {
    async start() {
      if (subscription) return;
      await ensureCheckpoints(options, partitions[0]?.of ?? 1);
      subscription = await consumeFenced({
        ...options,
        observer,
        batchSize,
        partitions,
        consumer: { consumer, name, version: 0 },
        understands: options,
        work: async (partition, { from, to, events, lastRecordTime }) => {
          const wanted = events.filter((event) => options.handles.has(event.type));
          if (wanted.length > 0) await handle(wanted);
          await advanceCheckpoint(pool, consumer, partition, from, to, lastRecordTime);
          return 0;
        },
      });
    },
    async stop() {
      await subscription?.stop();
      subscription = undefined;
    },
  };
};

/**
 * Lets a stopped reactor go on in the log as it is now, after a backup was restored (`needs-rebuild`): from the beginning,
 * where its commands are all idempotent, or from the end.
 * @throws LotlineError `reactor-unknown` (404).
 */
export const restartReactor = async (
  { pool, log }: { pool: Pool; log: EventLog },
  name: string,
  from: 'beginning' | 'now',
): Promise<void> => {
  const identity = await log.identity();
  const position = from === 'now' ? await log.head() : '';
  await inTransaction(pool, async (client) => {
    const rows = await lockCheckpoints(client, keyOf(name));
    if (rows.length === 0) throw notFound('reactor-unknown', `there is no reactor "${name}"`);
    await resetCheckpoints(client, keyOf(name), rows.length, position, identity);
  });
};
