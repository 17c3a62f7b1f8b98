import { allPartitions, type Delivery, type EventBus, type Partition, type Subscription } from '#event-bus';
import type { EventLog, LogIdentity } from '#event-log';
import type { Pool } from 'pg';
import type { Observer } from '../observer.js';
import type { Projector } from '../port.js';
import type { ProjectionReader } from '../reader.js';
import type { Build } from '../store/builds.js';
import { Fenced, lockCheckpoints, markState, readCheckpoint, resetCheckpoints } from '../store/checkpoints.js';
import { inTransaction } from '../store/transaction.js';
import type { Streak } from './apply-events.js';
import { bringTo, highest } from './bring-to.js';
import { messageOf, MustPause } from './failures.js';
import { newerReason, wantedOf } from './wanted.js';
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

const isSame = (a: LogIdentity, b: LogIdentity): boolean => a.logId === b.logId && a.epoch === b.epoch;

export const otherEpoch = (was: LogIdentity, is: LogIdentity): string =>
  `built on log ${was.logId} epoch ${was.epoch}, the log is ${is.logId} epoch ${is.epoch}: it must be rebuilt`;

/** Another number of partitions: all are brought to one position under the old division, then divided anew. */
const divide = async (options: WorkerOptions, build: Build, projector: Projector): Promise<void> => {
  const { pool, log, bus, partitions, failuresInARow } = options;
  const of = partitions[0]?.of ?? 1;
  const identity = await log.identity();
  await inTransaction(pool, async (client) => {
    const rows = await lockCheckpoints(client, build.schema);
    const first = rows[0];
    if (first === undefined || rows.length === of || !isSame(first.log, identity)) return;
    const upTo = highest(rows);
    const policy = { kind: 'careful', streak: { failures: 0, limit: failuresInARow } } as const;
    const lastRecordTime = await bringTo({ client, log, build, projector, policy }, rows, bus.partitionOf.bind(bus), upTo);
    await resetCheckpoints(client, build.schema, of, upTo, first.log, lastRecordTime);
  });
};

/** Keeps one build up to date until it is stopped. */
export const startWorker = async (options: WorkerOptions, build: Build, projector: Projector): Promise<Subscription> => {
  const { pool, log, bus, reader, observer, partitions, batchSize } = options;
  const consumer = { consumer: build.schema, name: build.projection, version: build.version };
  const standing = new Map<number, { position: string; log: LogIdentity }>();
  const streaks = new Map<number, Streak>(
    partitions.map(({ index }) => [index, { failures: 0, limit: options.failuresInARow }]),
  );
  let subscription: Subscription | undefined;
  let isPaused = false;

  const pause = async (partition: Partition, { state, reason }: MustPause): Promise<void> => {
    isPaused = true;
    subscription?.pause();
    observer.paused?.({ ...consumer, state, reason });
    await markState(pool, build.schema, partition, state, reason);
  };

  const startAfter = async (partition: Partition): Promise<{ position: string; cursor?: string | undefined }> => {
    const row = await readCheckpoint(pool, build.schema, partition);
    // Retired, or divided anew by a process with another number of partitions.
    if (!row) throw new Fenced(build.schema, partition);
    const identity = await log.identity();
    if (!isSame(row.log, identity)) throw new MustPause('needs-rebuild', otherEpoch(row.log, identity));
    standing.set(partition.index, { position: row.position, log: row.log });
    return row;
  };

  const onDelivery = async (delivery: Delivery): Promise<void> => {
    const { partition } = delivery;
    const stands = standing.get(partition.index);
    const streak = streaks.get(partition.index);
    if (!stands || !streak) throw new Error(`${build.schema} was handed partition ${partition.index}, which it does not serve`);
    if (!isSame(stands.log, delivery.log)) throw new MustPause('needs-rebuild', otherEpoch(stands.log, delivery.log));
    if (delivery.position <= stands.position) return;
    const began = performance.now();
    const fresh = delivery.events.filter((event) => event.position > stands.position);
    const { events, newer } = wantedOf(projector.handles, fresh);
    // What comes before the event that is too new is done first; the bus's cursor stays, as it names the whole delivery.
    const last = newer ? newer.previous : fresh.at(-1);
    const to = newer ? { position: newer.previous?.position ?? stands.position } : delivery;
    if (to.position > stands.position) {
      const batch = { from: stands.position, to, events, lastRecordTime: last?.recordTime };
      const parked = await workBatch({ pool, log, build, projector, partition }, batch, streak);
      standing.set(partition.index, { ...stands, position: to.position });
      reader.notify(build.projection);
      for (const { event, error, follows } of parked)
        observer.parked?.({ ...consumer, eventId: event.id, stream: event.stream, error, follows });
      observer.batch?.({
        ...consumer,
        partition: partition.index,
        events: events.length,
        parked: parked.length,
        durationMs: performance.now() - began,
        position: to.position,
      });
    }
    if (newer) throw new MustPause('paused', newerReason(newer.event, newer.known));
  };

  const onError = (error: unknown, partition: Partition): void => {
    const mark =
      error instanceof MustPause
        ? pause(partition, error)
        : error instanceof Fenced
          ? Promise.resolve()
          : markState(pool, build.schema, partition, 'failing', messageOf(error));
    // Where even that cannot be written, the observer has it and the next try comes.
    mark.catch(() => undefined);
    if (!(error instanceof MustPause) && !(error instanceof Fenced))
      observer.failed?.({ ...consumer, partition: partition.index, error });
  };

  await divide(options, build, projector);
  subscription = await bus.consume({ group: build.schema, partitions, batchSize, startAfter, onDelivery, onError });
  if (isPaused) subscription.pause();
  return subscription;
};

export const partitionsOf = (partitions: number | readonly Partition[]): readonly Partition[] =>
  typeof partitions === 'number' ? allPartitions(partitions) : partitions;
