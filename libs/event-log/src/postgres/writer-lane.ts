import { setImmediate as immediate } from 'node:timers/promises';
import type pg from 'pg';
import { LotlineError } from '#kernel';
import type { AppendResult } from '../port.js';
import type { AcceptedAppend } from '../accept-append.js';
import type { Connect } from './connections.js';
import { asAppendError, failureOf } from './failure.js';
import { flush } from './flush.js';
import { asFirstResult } from './own-results.js';
import { backoff, pause } from '../pause.js';

export interface LaneOptions {
  connect: Connect;
  /** Appends beyond so many waiting events are refused. */
  maxQueuedEvents: number;
  /** One flush takes at most so many events (at least one append). */
  maxFlushEvents: number;
  maxFlushBytes: number;
  /** Milliseconds that one flush is tried again after lost connections before its appends reject. */
  retryFor: number;
  now?: (() => number) | undefined;
  onFlushed: () => void;
  onError: (error: unknown) => void;
}

/** The one writer of a process. */
export interface WriterLane {
  append(append: AcceptedAppend): Promise<AppendResult>;
  /** @throws LotlineError `log-overloaded` or `log-closed` where so many more events are not taken now. */
  admit(events: number): void;
  /** Takes no more, finishes what was taken, then lets the connection go. */
  close(): Promise<void>;
}

interface Ticket {
  append: AcceptedAppend;
  /** Planned by attempts whose outcome is unknown. */
  attempted: AppendResult[];
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
}

const unavailable = (code: string, message: string): LotlineError => new LotlineError('unavailable', code, message);

/**
 * Group commit: appends that arrive while a flush is under way form the next one, which starts as soon as that has
 * returned; no timer adds delay when there is one caller, and the batch grows by itself when there are many.
 */
export const createWriterLane = (options: LaneOptions): WriterLane => {
  const queue: Ticket[] = [];
  let queuedEvents = 0;
  let client: pg.Client | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const connected = async (): Promise<pg.Client> => {
    if (client) return client;
    const fresh = await options.connect();
    fresh.once('end', () => {
      if (client === fresh) client = undefined;
    });
    return (client = fresh);
  };

  const disconnect = (): void => {
    const lost = client;
    client = undefined;
    lost?.end().catch(() => undefined);
  };

  const attempt = async (tickets: readonly Ticket[]): Promise<AppendResult[]> => {
    const appends = tickets.map((ticket) => ticket.append);
    let planned: readonly AppendResult[] = [];
    try {
      return await flush(await connected(), appends, { now: options.now, onPlanned: (results) => (planned = results) });
    } catch (error) {
      if (failureOf(error) === 'unknown') {
        planned.forEach((result, at) => tickets[at]?.attempted.push(result));
        disconnect();
      }
      throw error;
    }
  };

  const persist = async (tickets: readonly Ticket[]): Promise<AppendResult[]> => {
    const giveUpAt = Date.now() + options.retryFor;
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt(tickets);
      } catch (error) {
        if (failureOf(error) !== 'unknown') throw error;
        options.onError(error);
        if (Date.now() >= giveUpAt)
          throw unavailable(
            'log-unavailable',
            'the event log cannot be reached; what was sent may or may not be recorded: send it again with the same ids',
          );
        await pause(backoff(failures));
      }
    }
  };

  const settle = async (tickets: readonly Ticket[]): Promise<void> => {
    try {
      const results = await persist(tickets);
      tickets.forEach((ticket, at) => {
        const result = results[at];
        if (result) ticket.resolve(asFirstResult(result, ticket.attempted));
      });
      options.onFlushed();
    } catch (error) {
      if (tickets.length > 1 && failureOf(error) === 'content') {
        // One of them is at fault and fails alone: halve until it is found.
        const half = Math.ceil(tickets.length / 2);
        await settle(tickets.slice(0, half));
        await settle(tickets.slice(half));
      } else tickets.forEach((ticket) => ticket.reject(asAppendError(error)));
    }
  };

  const take = (): Ticket[] => {
    let events = 0;
    let bytes = 0;
    let count = 0;
    for (const { append } of queue) {
      events += append.events.length;
      bytes += append.bytes;
      if (count > 0 && (events > options.maxFlushEvents || bytes > options.maxFlushBytes)) break;
      count += 1;
    }
    const taken = queue.splice(0, count);
    queuedEvents -= taken.reduce((sum, ticket) => sum + ticket.append.events.length, 0);
    return taken;
  };

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      // Lets all whom the last flush has just answered, and all that arrived with it, come in: otherwise the first of them
      // would be a flush of its own and the rest would wait for it. No time passes.
      await immediate();
      await settle(take());
    }
  };

  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined;
      if (queue.length > 0) start();
    });
  };

  return {
    admit: (events) => {
      if (closed) throw unavailable('log-closed', 'the event log is closing');
      if (queuedEvents > 0 && queuedEvents + events > options.maxQueuedEvents)
        throw unavailable('log-overloaded', `${queuedEvents} events wait to be recorded; try again later`);
    },
    append: (append) =>
      new Promise((resolve, reject) => {
        queue.push({ append, attempted: [], resolve, reject });
        queuedEvents += append.events.length;
        start();
      }),
    close: async () => {
      closed = true;
      while (running) await running;
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
};
