import type { EventBus, Partition, Subscription } from '#event-bus';
import { type EventLog, isSameLog } from '#event-log';
import type { Pool } from 'pg';
import type { Observer } from '../observer.js';
import type { Projector } from '../port.js';
import type { ProjectionReader } from '../reader.js';
import type { Build } from '../store/builds.js';
import { lockCheckpoints, resetCheckpoints } from '../store/checkpoints.js';
import { inTransaction } from '../store/transaction.js';
import type { Streak } from './applying.js';
import { bringTo, highest } from './bring-to.js';
import { consumeFenced } from './consume-fenced.js';
import { workBatch } from './work-batch.js';

export interface WorkerOptions {
  pool: Pool;
  log: EventLog;
  bus: EventBus;
  reader: ProjectionReader;
  observer: Observer;
  partitions: readonly Partition[];
  batchSize: number;
  /** So many events in a row that fail without being named poison are taken for a defect, not for bad data. */
  failuresInARow: number;
}

/** Another number of partitions: all are brought to one position under the old division, then divided anew. */
const divide = async (options: WorkerOptions, build: Build, projector: Projector): Promise<void> => {
  const { pool, log, bus, partitions, failuresInARow } = options;
  const of = partitions[0]?.of ?? 1;
  const identity = await log.identity();
  await inTransaction(pool, async (client) => {
    const rows = await lockCheckpoints(client, build.schema);
    const first = rows[0];
    if (first === undefined || rows.length === of || !isSameLog(first.log, identity)) return;
    const upTo = highest(rows);
    const policy = { kind: 'careful', streak: { failures: 0, limit: failuresInARow } } as const;
    const applying = { client, log, build, projector, policy };
    const recordTime = await bringTo(applying, rows, (event, n) => bus.partitionOf(event, n), upTo);
    await resetCheckpoints(client, build.schema, of, upTo, first.log, recordTime);
  });
};

/** Keeps one build up to date until it is stopped. */
export const startWorker = async (
  options: WorkerOptions,
  build: Build,
  projector: Projector,
): Promise<Subscription> => {
  const { pool, log, reader, observer, partitions, failuresInARow } = options;
  const consumer = { consumer: build.schema, name: build.projection, version: build.version };
  const streaks = new Map<number, Streak>();
  const streakOf = (partition: Partition): Streak => {
    const streak = streaks.get(partition.index) ?? { failures: 0, limit: failuresInARow };
    streaks.set(partition.index, streak);
    return streak;
  };
  await divide(options, build, projector);
  return consumeFenced({
    ...options,
    consumer,
    understands: projector,
    partitions,
    work: async (partition, batch) => {
      const parked = await workBatch({ pool, log, build, projector, partition }, batch, streakOf(partition));
      reader.notify(build.projection);
      for (const { event, error, follows } of parked)
        observer.parked?.({ ...consumer, eventId: event.id, stream: event.stream, error, follows });
      return parked.length;
    },
  });
};
