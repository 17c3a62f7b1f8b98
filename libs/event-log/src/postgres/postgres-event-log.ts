import pg from 'pg';
import type { EventLog } from '../port.js';
import { acceptAppend } from '../accept-append.js';
import { compareEvents } from './compare-events.js';
import { KEPT_ALIVE, listenerConnection, writerConnection } from './connections.js';
import { follow } from './follow.js';
import { readIdentity } from './identity.js';
import { readAll, readHead, readStream } from './read-events.js';
import { createWakeup } from './wakeup.js';
import { CHANNEL } from './write-plan.js';
import { createWriterLane } from './writer-lane.js';

export interface PostgresEventLogOptions {
  /** For reading; the writer and the listener take two connections of their own with its settings. It stays the caller's. */
  pool?: pg.Pool;
  /** `postgres://…`, where no pool is given. */
  connectionString?: string;
  /**
   * Back-pressure: an append that would make more events wait than this is refused with `log-overloaded` (503), unless
   * nothing waits. Default 50,000.
   */
  maxQueuedEvents?: number;
  /** Events of one flush, default 5,000; a larger append is one flush alone. */
  maxFlushEvents?: number;
  /** Milliseconds an append is tried again while the server cannot be reached, default 30,000; then `log-unavailable`. */
  retryFor?: number;
  /** Milliseconds after which a follower looks by itself, should a notification not reach it. Default 1,000. */
  pollInterval?: number;
  /** Replaces the server's clock for record times (they still never go back). */
  clock?: () => Date;
  /** Told about lost connections that are being made again. */
  onError?: (error: unknown) => void;
}

/** Far more than a page takes. */
const READ_TIMEOUT_MS = 30_000;

const FLUSH_BYTES = 16 * 1024 * 1024;

const readingPool = (options: PostgresEventLogOptions, onError: (error: unknown) => void): pg.Pool => {
  if (options.pool) return options.pool;
  if (options.connectionString === undefined) throw new TypeError('an event log needs a pool or a connectionString');
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: 4,
    application_name: 'lotline-log-reader',
    ...KEPT_ALIVE,
    // A request that was under way when the server vanished is not covered by that: the system sends it again for a quarter of
    // an hour. Whoever follows would stand still and not know it.
    query_timeout: READ_TIMEOUT_MS,
  });
  pool.on('error', onError);
  return pool;
};

/**
 * The event log on PostgreSQL. The schema comes by `eventLogMigrations`; one instance per process and database.
 *
 * `append` besides the port: rejects with LotlineError `append-malformed` or `append-too-large` before anything of the call
 * is recorded, `log-overloaded` or `log-closed` likewise, `log-unavailable` where the outcome is unknown (send again with
 * the same ids). Where PostgreSQL cannot store one append (JSON nested too deep, a stream name beyond 2,700 bytes) the call
 * rejects with its error after the other appends of the call are recorded.
 */
export const createPostgresEventLog = (options: PostgresEventLogOptions): EventLog => {
  const onError = options.onError ?? ((): void => undefined);
  const pool = readingPool(options, onError);
  const config: pg.ClientConfig = options.pool ? pool.options : { connectionString: options.connectionString ?? '' };
  const { clock } = options;
  const closing = new AbortController();

  const wakeup = createWakeup(listenerConnection(config, CHANNEL), onError);
  const lane = createWriterLane({
    connect: writerConnection(config),
    maxQueuedEvents: options.maxQueuedEvents ?? 50_000,
    maxFlushEvents: options.maxFlushEvents ?? 5_000,
    maxFlushBytes: FLUSH_BYTES,
    retryFor: options.retryFor ?? 30_000,
    now: clock && (() => clock().getTime()),
    onFlushed: () => wakeup.wake(),
    onError,
  });

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await lane.close();
    closing.abort();
    await wakeup.close();
    if (!options.pool) await pool.end();
  };

  return {
    append: async (appends) => {
      const accepted = appends.map(acceptAppend);
      lane.admit(accepted.reduce((sum, append) => sum + append.events.length, 0));
      const settled = await Promise.allSettled(accepted.map((append) => lane.append(append)));
      return settled.map((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
    },
    compare: (events) => compareEvents(pool, events),
    readStream: (stream, read) => readStream(pool, stream, read),
    readAll: (read) => readAll(pool, read),
    follow: (followed) =>
      follow(
        {
          read: (after, max) => readAll(pool, { after, max }),
          wakeup,
          pollInterval: options.pollInterval ?? 1_000,
          onError,
        },
        { ...followed, signal: AbortSignal.any([followed.signal, closing.signal]) },
      ),
    head: () => readHead(pool),
    identity: () => readIdentity(pool),
    close: () => (closed ??= close()),
  };
};
