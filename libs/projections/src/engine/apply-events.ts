import { type DataOf, ParkedEventDiscarded, ParkedEventRetried, type RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import type { PoolClient } from 'pg';
import { PoisonEvent, type ProjectionContext, type Projector } from '../port.js';
import type { Build } from '../store/builds.js';
import {
  park,
  type Parked,
  parkedStreams,
  recordFailedRetry,
  resolveParked,
  takeParked,
} from '../store/parked-events.js';
import { inSavepoint } from '../store/transaction.js';
import { isDatabaseFault, messageOf, NothingApplies, RebuildStopped } from './failures.js';

/** How one build of a read model takes events inside an open transaction. */
export interface Applying {
  client: PoolClient;
  log: EventLog;
  build: Pick<Build, 'schema' | 'projection' | 'version'>;
  projector: Projector;
  /**
   * hopeful: one call of the projector, its error is thrown; careful: the events that fail are searched and parked;
   * rebuild: what the live model parked by its own fault is parked, retries that helped it are repeated, anything new is
   * thrown.
   */
  policy:
    { kind: 'hopeful' } | { kind: 'careful'; streak: Streak } | { kind: 'rebuild'; known: ReadonlyMap<string, Known> };
}

/** What the live model has in its table of parked events. */
export type Known = Pick<Parked, 'follows' | 'error' | 'resolvedBy'>;

/** How many events failed one after another without the projector saying that they are poison. */
export interface Streak {
  failures: number;
  limit: number;
}

export interface Parking {
  event: RecordedEvent;
  error: string;
  follows: boolean;
}

const FOLLOWS = 'an earlier event of its stream is parked';

const contextOf = ({ client, build, policy }: Applying): ProjectionContext => ({
  client,
  schema: build.schema,
  rebuilding: policy.kind === 'rebuild',
});

/** Position of the event of this batch that a stream waits for; '' where it waited before this batch. */
type Blocked = Map<string, string>;

/** It is the one that is parked or comes after it. */
const isOut = (blocked: Blocked, event: RecordedEvent): boolean => {
  const from = blocked.get(event.stream);
  return from !== undefined && event.position >= from;
};

const follows = (blocked: Blocked, event: RecordedEvent): boolean =>
  isOut(blocked, event) && blocked.get(event.stream) !== event.position;

/** The event that is to blame: the one the projector names, or the only one there was. */
const culpritOf = (error: unknown, tried: readonly RecordedEvent[]): RecordedEvent | undefined => {
  if (tried.length === 1) return tried[0];
  return error instanceof PoisonEvent ? tried.find((event) => event.id === error.event.id) : undefined;
};

/**
 * Applies what can be applied: names the culprit by halving where the projector does not name it itself. Each attempt is a
 * savepoint, so halves that went well stay and a failed one leaves nothing.
 */
const applySearching = async (
  applying: Applying,
  events: readonly RecordedEvent[],
  blocked: Blocked,
  blame: (event: RecordedEvent, error: unknown) => void,
  onApplied: () => void,
): Promise<void> => {
  for (;;) {
    const tried = events.filter((event) => !isOut(blocked, event));
    if (tried.length === 0) return;
    try {
      await inSavepoint(applying.client, () => applying.projector.apply(contextOf(applying), tried));
      onApplied();
      return;
    } catch (error) {
      if (isDatabaseFault(error)) throw error;
      const culprit = culpritOf(error, tried);
      if (culprit) {
        blame(culprit, error);
        blocked.set(culprit.stream, culprit.position);
        continue;
      }
      const half = tried.length >>> 1;
      await applySearching(applying, tried.slice(0, half), blocked, blame, onApplied);
      await applySearching(applying, tried.slice(half), blocked, blame, onApplied);
      return;
    }
  }
};

const parkAll = async (applying: Applying, parkings: readonly Parking[]): Promise<void> => {
  const { client, projector, build } = applying;
  const events = parkings.map(({ event }) => event);
  let unmarked = '';
  try {
    await inSavepoint(client, async () => projector.markParked?.(contextOf(applying), events, true));
  } catch (error) {
    if (isDatabaseFault(error)) throw error;
    // What an event concerns can be as unreadable as the event; it must not stop the rest for that.
    unmarked = ` (what it concerns could not be marked: ${messageOf(error)})`;
  }
  for (const { event, error } of parkings.filter(({ follows }) => !follows))
    await park(client, build, [event], error + unmarked, false);
  const followers = parkings.filter(({ follows }) => follows).map(({ event }) => event);
  if (followers.length > 0) await park(client, build, followers, FOLLOWS + unmarked, true);
};

/** Events of the projector's own types, in log order. */
const applyFacts = async (applying: Applying, events: readonly RecordedEvent[]): Promise<Parking[]> => {
  if (events.length === 0) return [];
  const { client, build, policy, projector } = applying;
  const waiting = await parkedStreams(client, build.schema, [...new Set(events.map((event) => event.stream))]);
  const blocked: Blocked = new Map([...waiting].map((stream) => [stream, '']));
  /** By stream: where an earlier event of a stream turns out to be poison too, the later one only follows it. */
  const culprits = new Map<string, Parking>();
  const tally = { inARow: 0, any: false };
  const blame = (event: RecordedEvent, error: unknown): void => {
    if (policy.kind === 'rebuild') throw new RebuildStopped(event, error);
    if (!(error instanceof PoisonEvent)) tally.inARow += 1;
    if (policy.kind === 'careful' && tally.inARow >= policy.streak.limit) throw new NothingApplies(tally.inARow, error);
    culprits.set(event.stream, { event, error: messageOf(error), follows: false });
  };
  if (policy.kind === 'rebuild')
    for (const event of events) {
      const known = policy.known.get(event.id);
      if (known === undefined || known.follows || blocked.has(event.stream)) continue;
      culprits.set(event.stream, { event, error: known.error, follows: false });
      blocked.set(event.stream, event.position);
    }
  if (policy.kind === 'hopeful') {
    const flowing = events.filter((event) => !isOut(blocked, event));
    if (flowing.length > 0) await projector.apply(contextOf(applying), flowing);
  } else
    await applySearching(applying, events, blocked, blame, () => {
      tally.inARow = 0;
      tally.any = true;
    });
  if (policy.kind === 'careful') {
    const { inARow, any } = tally;
    const failures = any ? inARow : policy.streak.failures + inARow;
    // Left as it was where this throws: the same batch fails again until something of it can be applied.
    if (!any && inARow > 0 && failures >= policy.streak.limit)
      throw new NothingApplies(failures, [...culprits.values()].at(-1)?.error);
    policy.streak.failures = failures;
  }
  const followers = events
    .filter((event) => follows(blocked, event))
    .map((event) => ({ event, error: FOLLOWS, follows: true }));
  const parkings = [...culprits.values(), ...followers];
  if (parkings.length > 0) await parkAll(applying, parkings);
  return parkings;
};

const originalsOf = async (log: EventLog, parked: readonly Parked[]): Promise<RecordedEvent[]> => {
  const first = parked[0];
  if (first === undefined) return [];
  const ids = new Set(parked.map(({ eventId }) => eventId));
  const from = Math.min(...parked.map(({ revision }) => revision));
  return (await log.readStream(first.stream, { from })).filter((event) => ids.has(event.id));
};

/** All that is parked of the stream, in order and together, or nothing. */
const applyRetry = async (applying: Applying, decision: string, stream: string): Promise<void> => {
  const { client, build, log, policy, projector } = applying;
  const parked = await takeParked(client, build.schema, stream);
  const events = await originalsOf(log, parked);
  if (events.length === 0) return;
  const ids = events.map((event) => event.id);
  // A mended projector could apply by now what failed then; the live model got it by a later decision or never.
  if (policy.kind === 'rebuild' && !ids.some((id) => policy.known.get(id)?.resolvedBy === decision))
    return recordFailedRetry(client, build.schema, ids, null, '');
  try {
    await inSavepoint(client, async () => {
      await projector.apply(contextOf(applying), events);
      await projector.markParked?.(contextOf(applying), events, false);
      await resolveParked(client, build.schema, ids, 'retried', decision);
    });
  } catch (error) {
    if (isDatabaseFault(error)) throw error;
    const culprit = culpritOf(error, events)?.id ?? ids[0] ?? '';
    await recordFailedRetry(client, build.schema, ids, culprit, messageOf(error));
  }
};

const applyDiscard = async (
  applying: Applying,
  decision: string,
  { stream, eventIds }: DataOf<typeof ParkedEventDiscarded>,
): Promise<void> => {
  const { client, build, log, projector } = applying;
  const named = new Set(eventIds);
  const parked = (await takeParked(client, build.schema, stream)).filter(({ eventId }) => named.has(eventId));
  if (parked.length === 0) return;
  const events = await originalsOf(log, parked);
  try {
    await inSavepoint(client, async () => projector.markParked?.(contextOf(applying), events, false));
  } catch (error) {
    // Where it could not be marked, there is no mark to take away.
    if (isDatabaseFault(error)) throw error;
  }
  await resolveParked(
    client,
    build.schema,
    parked.map(({ eventId }) => eventId),
    'discarded',
    decision,
  );
};

/**
 * Takes a batch in log order, with what operators said between the events at its own place in the order, so that a rebuild
 * does the same at the same place.
 * @param events wanted by the projector and of versions it knows (`wantedOf`).
 * @returns what was parked.
 */
export const applyEvents = async (applying: Applying, events: readonly RecordedEvent[]): Promise<Parking[]> => {
  const parkings: Parking[] = [];
  let facts: RecordedEvent[] = [];
  const flush = async (): Promise<void> => {
    const batch = facts;
    facts = [];
    parkings.push(...(await applyFacts(applying, batch)));
  };
  for (const event of events) {
    const isRetry = event.type === ParkedEventRetried.type;
    if (!isRetry && event.type !== ParkedEventDiscarded.type) {
      facts.push(event);
      continue;
    }
    const data = event.data as DataOf<typeof ParkedEventRetried> & DataOf<typeof ParkedEventDiscarded>;
    if (data.projection !== applying.build.projection) continue;
    await flush();
    await (isRetry ? applyRetry(applying, event.id, data.stream) : applyDiscard(applying, event.id, data));
  }
  await flush();
  return parkings;
};
