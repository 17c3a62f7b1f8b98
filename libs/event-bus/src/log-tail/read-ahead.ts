import type { RecordedEvent } from '#contracts';
import { type EventLog, isSameLog, type LogBatch, type LogIdentity } from '#event-log';
import { createSharedPages, PAGE } from '../shared-pages.js';

/** The log as many consumers of one process read it together. */
export interface ReadAhead {
  /**
   * What comes after a position: at least one event, at most `max`; waits at the end of the log.
   * @param of the log that the position is one of.
   * @throws what the log threw; the next call tries again. Rejects when the signal aborts, and where the log has entered
   *   another epoch: the position means something else there.
   */
  next(after: string, max: number, signal: AbortSignal, of: LogIdentity): Promise<LogBatch>;
  /** True where `next` would answer without waiting or reading. */
  hasNext(after: string): boolean;
  close(): Promise<void>;
}

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface ReadAheadOptions {
  /** How many recent events are held; about as many again while somebody catches up. Default 10,000. */
  windowEvents?: number | undefined;
  /** How often it is looked whether the log has entered another epoch; default 5 s. */
  epochEveryMs?: number | undefined;
}

const anotherEpoch = (): Error => new Error('the log has entered another epoch');

/** First index whose position is greater; the events are in log order. */
const firstAfter = (events: readonly RecordedEvent[], position: string): number => {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.position ?? '') > position) high = middle;
    else low = middle + 1;
  }
  return low;
};

/**
 * One follower at the end of the log feeds every consumer that keeps up, from a window of recent events in memory. A
 * consumer that is behind the window reads pages until it is inside; pages just read are shared too, so that consumers
 * that start at one place read the log once.
 */
export const createReadAhead = (
  log: EventLog,
  { windowEvents = 10_000, epochEveryMs = 5_000 }: ReadAheadOptions = {},
): ReadAhead => {
  const ended = new AbortController();
  const waiters = new Set<Waiter>();
  const pages = createSharedPages(log, windowEvents);
  let window: LogBatch[] = [];
  let held = 0;
  /** The window holds everything after this; undefined while nobody follows. */
  let start: string | undefined;
  let end = '';
  /** What the window is of. */
  let identity: LogIdentity | undefined;
  let following: Promise<void> | undefined;

  const wake = (act: (waiter: Waiter) => void): void => {
    const woken = [...waiters];
    waiters.clear();
    for (const waiter of woken) act(waiter);
  };

  const push = (batch: LogBatch): void => {
    end = batch.position;
    if (batch.events.length === 0) return;
    window.push(batch);
    held += batch.events.length;
    while (held > windowEvents && window.length > 1) {
      const oldest = window.shift();
      held -= oldest?.events.length ?? 0;
      start = oldest?.position;
    }
    wake((waiter) => waiter.resolve());
  };

  /** Nothing else tells a follower that stands at the end of a log that this end is further than the log is now. */
  const watchEpoch = (of: LogIdentity, changed: AbortController): NodeJS.Timeout =>
    setInterval(() => {
      log.identity().then(
        (now) => isSameLog(now, of) || changed.abort(),
        // A log that is away is for the follower to wait for.
        () => undefined,
      );
    }, epochEveryMs);

  const follow = async (): Promise<void> => {
    const changed = new AbortController();
    let watching: NodeJS.Timeout | undefined;
    try {
      const of = await log.identity();
      watching = watchEpoch(of, changed);
      const head = await log.head();
      window = [];
      held = 0;
      identity = of;
      start = end = head;
      wake((waiter) => waiter.resolve());
      const signal = AbortSignal.any([ended.signal, changed.signal]);
      for await (const batch of log.follow({ after: head, batchSize: PAGE, signal })) push(batch);
      if (changed.signal.aborted) throw anotherEpoch();
      if (!ended.signal.aborted) throw new Error('the log stopped following without being asked to');
    } catch (error) {
      wake((waiter) => waiter.reject(error));
    } finally {
      clearInterval(watching);
      start = undefined;
      following = undefined;
    }
  };

  const ensureFollowing = (): void => {
    if (following === undefined && !ended.signal.aborted) following = follow();
  };

  const moved = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        waiters.delete(waiter);
        reject(signal.reason as Error);
      };
      const settle =
        <A extends unknown[]>(act: (...args: A) => void) =>
        (...args: A): void => {
          signal.removeEventListener('abort', abort);
          act(...args);
        };
      const waiter: Waiter = { resolve: settle(resolve), reject: settle(reject) };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      waiters.add(waiter);
    });

  const fromWindow = (after: string, max: number): LogBatch | undefined => {
    if (start === undefined || after < start) return undefined;
    const events: RecordedEvent[] = [];
    let position = after;
    for (const batch of window) {
      if (batch.position <= after) continue;
      const from = firstAfter(batch.events, after);
      const rest = batch.events.slice(from, from + max - events.length);
      events.push(...rest);
      const whole = from + rest.length === batch.events.length;
      position = whole ? batch.position : (rest.at(-1)?.position ?? position);
      if (!whole || events.length >= max) break;
    }
    return { events, position };
  };

  return {
    async next(after, max, signal, of) {
      for (;;) {
        signal.throwIfAborted();
        ensureFollowing();
        if (start !== undefined && identity && !isSameLog(identity, of)) throw anotherEpoch();
        const batch = fromWindow(after, max);
        if (batch && batch.events.length > 0) return batch;
        if (batch || start === undefined) {
          await moved(signal);
          continue;
        }
        const page = await pages.read(after, of);
        if (page.events.length > max) {
          const events = page.events.slice(0, max);
          return { events, position: events.at(-1)?.position ?? after };
        }
        if (page.events.length > 0) return page;
        // Nothing more to read, so this is the end, where the window begins; unless the log went back in time.
        if (page.position <= after) await moved(signal);
        after = page.position > after ? page.position : after;
      }
    },
    hasNext: (after) => start !== undefined && after >= start && after < end,
    async close() {
      ended.abort();
      await following;
      pages.clear();
    },
  };
};
