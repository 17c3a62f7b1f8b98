import { LotlineError } from '#kernel';
import type { AcceptedAppend } from '../accept-append.js';
import type { AppendResult } from '../port.js';
import { createSlots } from './slots.js';

/** Everything that one process appends. */
export interface AppendLane {
  /** @throws LotlineError `log-overloaded` or `log-closed` where so many more events are not taken now. */
  admit(events: number): void;
  append(append: AcceptedAppend): Promise<AppendResult>;
  /** Takes no more and finishes what was taken. */
  close(): Promise<void>;
}

/** An append has only so long from its first claim: it begins when there is room for it, and then does not wait. */
const APPENDS_AT_ONCE = 64;

/**
 * Appends of different streams run side by side. Those of one stream, and those that share an id, run one after the other
 * in the order they came: so they see each other, and never race inside a process.
 */
export const createAppendLane = (
  appendOne: (append: AcceptedAppend) => Promise<AppendResult>,
  maxQueuedEvents: number,
): AppendLane => {
  const slot = createSlots(APPENDS_AT_ONCE);
  const last = new Map<string, Promise<unknown>>();
  const running = new Set<Promise<unknown>>();
  let queuedEvents = 0;
  let closed = false;

  const keysOf = ({ stream, events }: AcceptedAppend): string[] => [
    `stream ${stream}`,
    ...events.map(({ id }) => `id ${id}`),
  ];

  return {
    admit: (events) => {
      if (closed) throw new LotlineError('unavailable', 'log-closed', 'the event log is closing');
      if (queuedEvents > 0 && queuedEvents + events > maxQueuedEvents)
        throw new LotlineError(
          'unavailable',
          'log-overloaded',
          `${queuedEvents} events wait to be recorded; try again later`,
        );
    },
    append: (append) => {
      const keys = keysOf(append);
      const before = keys.flatMap((key) => last.get(key) ?? []);
      queuedEvents += append.events.length;
      const work = Promise.allSettled(before).then(() => slot(() => appendOne(append)));
      const done = work
        .catch(() => undefined)
        .then(() => {
          queuedEvents -= append.events.length;
          running.delete(done);
          for (const key of keys) if (last.get(key) === done) last.delete(key);
        });
      running.add(done);
      for (const key of keys) last.set(key, done);
      return work;
    },
    close: async () => {
      closed = true;
      while (running.size > 0) await Promise.all(running);
    },
  };
};
