import { allPartitions, type Delivery, type EventBus, type Partition, type Place, type Subscription } from '#event-bus';
import { type EventLog, isSameLog, type LogIdentity } from '#event-log';
import type { Pool } from 'pg';
import type { Consumer, Observer } from '../observer.js';
import { type ConsumerState, Fenced, markState, readCheckpoint } from '../store/checkpoints.js';
import { messageOf, MustPause } from './failures.js';
import { isKnownTo, type Understanding, wantedOf } from './wanted.js';
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
  understands: Understanding;
  /** Does the batch and moves the checkpoint from `from` to `to`. @returns how many events were parked. */
  work: (partition: Partition, batch: Batch) => Promise<number>;
}

export const partitionsOf = (partitions: number | readonly Partition[]): readonly Partition[] =>
  typeof partitions === 'number' ? allPartitions(partitions) : partitions;

export const otherEpoch = (was: LogIdentity, is: LogIdentity): string =>
  `built on log ${was.logId} epoch ${was.epoch}, the log is ${is.logId} epoch ${is.epoch}: it must be rebuilt`;

/** How often a consumer of another epoch looks whether an operator has set it back. */
const LOOK_EVERY_MS = 1_000;

/**
 * Hands a consumer what it wants, from its own checkpoints, until it is stopped or must pause: at an event that needs a
 * newer release (what comes before is done first), or where its checkpoints belong to another epoch of the log, until they
 * are set back to this one.
 */
export const consumeFenced = async (options: ConsumeFencedOptions): Promise<Subscription> => {
  const { pool, log, bus, observer, partitions, batchSize, consumer, understands, work } = options;
  const standing = new Map<number, { position: string; log: LogIdentity }>();
  // The bus may deliver before it has handed its subscription over.
  const control: { subscription?: Subscription; isPaused: boolean } = { isPaused: false };

  const startAfter = async (partition: Partition): Promise<Place> => {
    const row = await readCheckpoint(pool, consumer.consumer, partition);
    // Retired, or divided anew by a process with another number of partitions.
    if (!row) throw new Fenced(consumer.consumer, partition);
    standing.set(partition.index, { position: row.position, log: row.log });
    const identity = await log.identity();
    if (!isSameLog(row.log, identity)) throw new MustPause('needs-rebuild', otherEpoch(row.log, identity));
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
    const { events, newer } = wantedOf(understands, fresh);
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
    if (newer) throw new MustPause('paused', newer.reason);
  };

  const looking = { timer: undefined as NodeJS.Timeout | undefined };
  const stopLooking = (): void => {
    clearInterval(looking.timer);
    looking.timer = undefined;
  };
  const look = async (partition: Partition): Promise<void> => {
    const row = await readCheckpoint(pool, consumer.consumer, partition);
    if (!row || !looking.timer || !isSameLog(row.log, await log.identity())) return;
    stopLooking();
    control.isPaused = false;
    control.subscription?.resume();
  };
  const resumeOnceSetBack = (partition: Partition): void => {
    // A database that is away is asked again.
    looking.timer ??= setInterval(() => void look(partition).catch(() => undefined), LOOK_EVERY_MS);
  };

  let marking: Promise<void> = Promise.resolve();
  /** One after another, so that the last one told is the last one written. */
  const mark = (partition: Partition, state: ConsumerState, reason: string): void => {
    const stood = standing.get(partition.index);
    const write = async (): Promise<void> => {
      // Where the broker is away from the start nothing has stood anywhere yet.
      const at = stood ?? (await readCheckpoint(pool, consumer.consumer, partition));
      if (at) await markState(pool, consumer.consumer, partition, at, state, reason);
    };
    // Where it cannot even be written, the observer has it, and the next try comes.
    marking = marking.then(write).catch(() => undefined);
  };

  const tell = (error: unknown, partition: Partition): void => {
    if (error instanceof Fenced) return;
    if (error instanceof MustPause) {
      control.isPaused = true;
      control.subscription?.pause();
      if (error.state === 'needs-rebuild') resumeOnceSetBack(partition);
      observer.paused?.({ ...consumer, state: error.state, reason: error.reason });
      mark(partition, error.state, error.reason);
      return;
    }
    observer.failed?.({ ...consumer, partition: partition.index, error });
    mark(partition, 'failing', messageOf(error));
  };

  const subscription = await bus.consume({
    group: consumer.consumer,
    partitions,
    batchSize,
    isKnown: isKnownTo(understands),
    startAfter,
    onDelivery,
    onError: tell,
  });
  control.subscription = subscription;
  if (control.isPaused) subscription.pause();
  return {
    ...subscription,
    stop: () => {
      const stopped = subscription.stop();
      stopLooking();
      return stopped.finally(stopLooking);
    },
  };
};
