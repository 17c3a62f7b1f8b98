import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '#contracts';
import type { EventLog, LogIdentity } from '#event-log';
import { fallsOn, partitionBy } from '../partition-of.js';
import type { ConsumeOptions, EventBus, KeyOf, Partition, Subscription } from '../port.js';
import { createGate, type Gate } from '../gate.js';
import { createReadAhead, type ReadAhead } from './read-ahead.js';

export interface LogTailOptions {
  log: EventLog;
  keyOf: KeyOf;
  /** Into how many partitions the work is divided; default 1. */
  partitions?: number;
  /** Delay after a rejected delivery: the first, doubled each time up to the longest; default 50 ms to 5 s. */
  retry?: { firstMs: number; longestMs: number };
  /** How many recent events are held in memory for all consumers together; default 10,000. */
  windowEvents?: number;
  /** How often it is looked whether the log has entered another epoch; default 5 s. */
  epochEveryMs?: number;
}

type PartitionOf = (event: RecordedEvent, of: number) => number;

interface Share {
  events: readonly RecordedEvent[];
  position: string;
}

/** So much of the log is passed over without a match before the watermark is told, so that a restart need not reread. */
const SKIPPED_PAGES = 16;
const PAGE = 1000;

/** The partition's events after a position, in batches; an empty one where only the watermark moved. */
async function* shareOf(
  ahead: ReadAhead,
  isMine: (event: RecordedEvent) => boolean,
  after: string,
  batchSize: number,
  signal: AbortSignal,
  of: LogIdentity,
): AsyncGenerator<Share, never> {
  let skipped = 0;
  for (;;) {
    const page = await ahead.next(after, Math.max(PAGE, batchSize), signal, of);
    const mine = page.events.filter(isMine);
    after = page.position;
    if (mine.length === 0) {
      skipped += 1;
      if (skipped < SKIPPED_PAGES && ahead.hasNext(after)) continue;
      yield { events: [], position: after };
    }
    for (let from = 0; from < mine.length; from += batchSize) {
      const events = mine.slice(from, from + batchSize);
      const isLast = from + batchSize >= mine.length;
      yield { events, position: isLast ? after : (events.at(-1)?.position ?? after) };
    }
    skipped = 0;
  }
}

/** Delivers one run of a partition, from where its consumer stands until something fails or the signal aborts. */
const deliverFrom = async (
  { log, ahead, partitionOf, gate }: { log: EventLog; ahead: ReadAhead; partitionOf: PartitionOf; gate: Gate },
  options: ConsumeOptions,
  partition: Partition,
  signal: AbortSignal,
  onDelivered: () => void,
): Promise<never> => {
  await gate.passed(signal);
  const start = await options.startAfter(partition);
  const identity = await log.identity();
  const isMine = fallsOn(partitionOf, partition, options.isKnown);
  const shares = shareOf(ahead, isMine, start?.position ?? '', options.batchSize ?? 1000, signal, identity);
  let next = shares.next();
  for (;;) {
    const { value } = await next;
    // Read the next while this one is worked on; its failure is met in the next round, if there is one.
    next = shares.next();
    next.catch(() => undefined);
    await gate.passed(signal);
    await options.onDelivery({ partition, events: value.events, position: value.position, log: identity });
    onDelivered();
  }
};

/**
 * Distribution without a broker: follows the event log itself and divides the events by their key. Members of a group are
 * told apart by the partitions they ask for; two that ask for the same are harmless (the consumer's checkpoint is fenced)
 * but do the work twice.
 */
export const createLogTailBus = ({
  log,
  keyOf,
  partitions = 1,
  retry,
  windowEvents,
  epochEveryMs,
}: LogTailOptions): EventBus => {
  const { firstMs, longestMs } = retry ?? { firstMs: 50, longestMs: 5_000 };
  const partitionOf = partitionBy(keyOf);
  const ahead = createReadAhead(log, { windowEvents, epochEveryMs });
  const subscriptions = new Set<Subscription>();

  const serve = async (options: ConsumeOptions, partition: Partition, gate: Gate, signal: AbortSignal) => {
    let failures = 0;
    for (;;) {
      try {
        await deliverFrom({ log, ahead, partitionOf, gate }, options, partition, signal, () => (failures = 0));
      } catch (error) {
        if (signal.aborted) return;
        options.onError(error, partition);
        // Spread, so that consumers that failed together do not come back together.
        const pause = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 20)) * (0.8 + Math.random() * 0.4);
        failures += 1;
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  return {
    keyOf,
    partitionOf,
    partitions: () => Promise.resolve(partitions),
    consume(options) {
      const ended = new AbortController();
      const gate = createGate();
      const lanes = options.partitions.map((partition) => serve(options, partition, gate, ended.signal));
      const subscription: Subscription = {
        async stop() {
          ended.abort();
          await Promise.all(lanes);
          subscriptions.delete(subscription);
        },
        pause: () => gate.shut(),
        resume: () => gate.open(),
      };
      subscriptions.add(subscription);
      return Promise.resolve(subscription);
    },
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await ahead.close();
    },
  };
};
