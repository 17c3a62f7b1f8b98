import type { RecordedEvent } from '#contracts';
import type { EventLog, LogBatch } from '#event-log';

/** The log as many consumers of one process read it together. */
export interface ReadAhead {
  /**
   * What comes after a position: at least one event, at most `max`; waits at the end of the log.
   * @throws what the log threw; the next call tries again. Rejects when the signal aborts.
   */
  next(after: string, max: number, signal: AbortSignal): Promise<LogBatch>;
  /** True where `next` would answer without waiting or reading. */
  hasNext(after: string): boolean;
  close(): Promise<void>;
}

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

const PAGE = 1000;

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
 * @param options.windowEvents how many recent events are held; about as many again while somebody catches up.
 */
export const createReadAhead = (log: EventLog, options: { windowEvents?: number } = {}): ReadAhead => {
  const windowEvents = options.windowEvents ?? 10_000;
  const ended = new AbortController();
  const waiters = new Set<Waiter>();
  const pages = new Map<string, Promise<LogBatch>>();
  let window: LogBatch[] = [];
  let held = 0;
  /** The window holds everything after this; undefined while nobody follows. */
  let start: string | undefined;
  let end = '';
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

  const follow = async (): Promise<void> => {
    try {
      const head = await log.head();
      window = [];
      held = 0;
      start = end = head;
      wake((waiter) => waiter.resolve());
      for await (const batch of log.follow({ after: head, batchSize: PAGE, signal: ended.signal })) push(batch);
      if (!ended.signal.aborted) throw new Error('the log stopped following without being asked to');
    } catch (error) {
      wake((waiter) => waiter.reject(error));
    } finally {
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

  const readPage = (after: string): Promise<LogBatch> => {
    const known = pages.get(after);
    if (known) return known;
    const page = log.readAll({ after, max: PAGE });
    pages.set(after, page);
    // A page at the end is not full: asked again later it would hold more, so it is not kept.
    page.then(
      ({ events }) => events.length < PAGE && pages.delete(after),
      () => pages.delete(after),
    );
    for (const oldest of pages.keys()) {
      if (pages.size * PAGE <= windowEvents) break;
      pages.delete(oldest);
    }
    return page;
  };

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
    async next(after, max, signal) {
      for (;;) {
        signal.throwIfAborted();
        ensureFollowing();
        const batch = fromWindow(after, max);
        if (batch && batch.events.length > 0) return batch;
        if (batch || start === undefined) {
          await moved(signal);
          continue;
        }
        const page = await readPage(after);
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
