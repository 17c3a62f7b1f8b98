import { acceptAppend, acceptEvent } from '../accept-append.js';
import type { EventLog, LogIdentity } from '../port.js';
import { acceptForEventStore } from './accept.js';
import { createAppendLane } from './append-lane.js';
import { appendOne } from './append-one.js';
import { createCalls } from './calls.js';
import { createClaims } from './claims.js';
import { connect } from './connect.js';
import { follow } from './follow.js';
import { raiseEpoch, readIdentity } from './identity.js';
import { namesOf } from './names.js';
import { readAll, readHead } from './read-all.js';
import { readEvents } from './read-calls.js';

export interface EventStoreLogOptions {
  /**
   * `esdb://user:password@host:2113?tls=true` or `esdb+discover://…`: hosts, credentials, TLS (`tls`, `tlsCAFile`,
   * `userCertFile`, `userKeyFile`), `nodePreference` (followers of the log; everything else asks the leader),
   * `keepAliveInterval`, `keepAliveTimeout` and `defaultDeadline` in milliseconds.
   */
  connectionString: string;
  /** Lower-case name of the log, default `lotline`: what its streams begin with, so that a server can hold several. */
  name?: string;
  /** Back-pressure: an append that would make more events wait is refused with `log-overloaded`. Default 50,000. */
  maxQueuedEvents?: number;
  /** Milliseconds a call is tried again while the server cannot be reached, default 30,000; then `log-unavailable`. */
  retryFor?: number;
  /** Gives record times in place of the server's; nothing keeps them from going back. For tests. */
  clock?: () => Date;
  /** Told about lost connections that are being made again. */
  onError?: (error: unknown) => void;
}

/** Milliseconds after which an id that a dead process claimed for another place can be recorded; see ADR 16. */
const LEASE_FACTOR = 2;

/** Calls under way at once over one connection; a server takes 100. */
const CALLS_AT_ONCE = 64;

const silent = (): void => undefined;

/**
 * The event log on EventStoreDB 22.6 or later; nothing has to be set up. What it promises beyond and short of the port is
 * listed where its contract suite runs and in docs/eventstoredb.md.
 *
 * `append` besides the port: rejects with LotlineError `append-malformed`, `append-too-large` or `log-overloaded` before
 * anything of the call is recorded; `append-too-large` also where the server takes less (its `MaxAppendSize`, 1 MB by
 * default), `log-unavailable` where the outcome is unknown (send again with the same ids) and `log-access-denied`, after
 * the other appends of the call are settled.
 * @throws TypeError or Error where the connection string or the name is none.
 */
export const createEventStoreLog = (options: EventStoreLogOptions): EventLog => {
  const { connectionString, clock, onError = silent, retryFor = 30_000 } = options;
  const names = namesOf(options.name ?? 'lotline');
  const client = connect(connectionString, onError);
  // Subscriptions may stay paused for long and follow the node preference: they have a connection of their own.
  const followed = connect(connectionString, onError);
  const calls = createCalls({ atOnce: CALLS_AT_ONCE, retryFor, onError });
  const claims = createClaims(client, names, calls);
  const closing = new AbortController();
  const context = { client, names, calls, claims };
  const lane = createAppendLane(
    (append) =>
      appendOne({ ...context, lease: LEASE_FACTOR * retryFor, now: clock && (() => clock().toISOString()) }, append),
    options.maxQueuedEvents ?? 50_000,
  );

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await lane.close();
    closing.abort();
    await Promise.all([client.dispose(), followed.dispose()]);
  };

  return {
    append: async (appends) => {
      const accepted = appends.map(acceptAppend);
      accepted.forEach(acceptForEventStore);
      lane.admit(accepted.reduce((sum, append) => sum + append.events.length, 0));
      const settled = await Promise.allSettled(accepted.map((append) => lane.append(append)));
      return settled.map((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
    },
    compare: (events) =>
      Promise.all(
        events.map(acceptEvent).map(async ({ id, contentHash }) => {
          const holding = await claims.look(id);
          if (holding.kind !== 'recorded') return { found: 'nothing' };
          const { event, contentHash: stored } = holding.stored;
          return { found: stored === contentHash.toString('hex') ? 'same' : 'other', position: event.position };
        }),
      ),
    readStream: async (stream, { from, max, backwards = false } = {}) =>
      (await calls.run(() => readEvents(client, names, stream, { from, max, backwards }))).map(({ event }) => event),
    readAll: (read) => readAll(context, read),
    follow: (options) =>
      follow(
        { client: followed, names, onError },
        { ...options, signal: AbortSignal.any([options.signal, closing.signal]) },
      ),
    head: () => readHead(client, names, calls),
    identity: () => readIdentity(context),
    close: () => (closed ??= close()),
  };
};

/**
 * To be called once after a backup of EventStoreDB was restored and before anything is appended or read: what was built
 * on the lost part must not be continued.
 * @returns the identity from now on.
 */
export const raiseEventStoreEpoch = async (
  options: Pick<EventStoreLogOptions, 'connectionString' | 'name' | 'onError'>,
): Promise<LogIdentity> => {
  const { connectionString, name = 'lotline', onError = silent } = options;
  const client = connect(connectionString, onError);
  const calls = createCalls({ atOnce: 1, retryFor: 30_000, onError });
  try {
    return await raiseEpoch({ client, names: namesOf(name), calls });
  } finally {
    await client.dispose();
  }
};
