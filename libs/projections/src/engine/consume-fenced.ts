import { allPartitions, type Delivery, type EventBus, type Partition, type Place, type Subscription } from '#event-bus';
import type { EventLog, LogIdentity } from '#event-log';
import type { Pool } from 'pg';
import type { Consumer, Observer } from '../observer.js';
import type { Projector } from '../port.js';
import { Fenced, markState, readCheckpoint } from '../store/checkpoints.js';
import { messageOf, MustPause } from './failures.js';
import { newerReason, wantedOf } from './wanted.js';
import type { Batch } from './work-batch.js';

export interface ConsumeFencedOptions {
  pool: Pool;
  log: EventLog;
  bus: EventBus;
  observer: Observer;
  partitions: readonly Partition[];
  batchSize: number;
  /** Its checkpoints exist. */
  consumer: Consumer;
  handles: Projector['handles'];
  /** Does the batch and moves the checkpoint from `from` to `to`. @returns how many events were parked. */
  work: (partition: Partition, batch: Batch) => Promise<number>;
}

export const partitionsOf = (partitions: number | readonly Partition[]): readonly Partition[] =>
  typeof partitions === 'number' ? allPartitions(partitions) : partitions;

export const isSameLog = (a: LogIdentity, b: LogIdentity): boolean => a.logId === b.logId && a.epoch === b.epoch;

export const otherEpoch = (was: LogIdentity, is: LogIdentity): string =>
  `built on log ${was.logId} epoch ${was.epoch}, the log is ${is.logId} epoch ${is.epoch}: it must be rebuilt`;

/**
 * Hands a consumer what it wants, from its own checkpoints, until it is stopped or must pause: at an event that needs a
 * newer release (what comes before is done first), or where its checkpoints belong to another epoch of the log.
 */
export const consumeFenced = async (options: ConsumeFencedOptions): Promise<Subscription> => {
  const { pool, log, bus, observer, partitions, batchSize, consumer, handles, work } = options;
  const standing = new Map<number, { position: string; log: LogIdentity }>();
  // The bus may deliver before it has handed its subscription over.
  const control: { subscription?: Subscription; isPaused: boolean } = { isPaused: false };

  const startAfter = async (partition: Partition): Promise<Place> => {
    const row = await readCheckpoint(pool, consumer.consumer, partition);
    // Retired, or divided anew by a process with another number of partitions.
    if (!row) throw new Fenced(consumer.consumer, partition);
    const identity = await log.identity();
    if (!isSameLog(row.log, identity)) throw new MustPause('needs-rebuild', otherEpoch(row.log, identity));
    standing.set(partition.index, { position: row.position, log: row.log });
    return row;
  };

  const onDelivery = async ({ partition, ...delivery }: Delivery): Promise<void> => {
    const stands = standing.get(partition.index);
    if (!stands)
      throw new Error(`${consumer.consumer} was handed partition ${partition.index}, which it does not serve`);
    if (!isSameLog(stands.log, delivery.log))
      throw new MustPause('needs-rebuild', otherEpoch(stands.log, delivery.log));
    if (delivery.position <= stands.position) return;
    const began = performance.now();
    const fresh = delivery.events.filter((event) => event.position > stands.position);
    const { events, newer } = wantedOf(handles, fresh);
    const last = newer ? newer.previous : fresh.at(-1);
    // The bus's cursor names the end of the whole delivery, so a part of it has none.
    const to = newer
      ? { position: newer.previous?.position ?? stands.position }
      : { position: delivery.position, cursor: delivery.cursor };
    if (to.position > stands.position) {
      const parked = await work(partition, { from: stands.position, to, events, lastRecordTime: last?.recordTime });
      standing.set(partition.index, { ...stands, position: to.position });
      observer.batch?.({
        ...consumer,
        partition: partition.index,
        events: events.length,
        parked,
        durationMs: performance.now() - began,
        position: to.position,
      });
    }
    if (newer) throw new MustPause('paused', newerReason(newer.event, newer.known));
  };

  const tell = async (error: unknown, partition: Partition): Promise<void> => {
    if (error instanceof Fenced) return;
    if (error instanceof MustPause) {
      control.isPaused = true;
      control.subscription?.pause();
      observer.paused?.({ ...consumer, state: error.state, reason: error.reason });
      return markState(pool, consumer.consumer, partition, error.state, error.reason);
    }
    observer.failed?.({ ...consumer, partition: partition.index, error });
    return markState(pool, consumer.consumer, partition, 'failing', messageOf(error));
  };

  const subscription = await bus.consume({
    group: consumer.consumer,
    partitions,
    batchSize,
    startAfter,
    onDelivery,
    // Where the state cannot even be written, the observer has it, and the next try comes.
    onError: (error, partition) => void tell(error, partition).catch(() => undefined),
  });
  control.subscription = subscription;
  if (control.isPaused) subscription.pause();
  return subscription;
};
