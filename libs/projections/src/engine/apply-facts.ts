import type { RecordedEvent } from '#contracts';
import { PoisonEvent } from '../port.js';
import { park, parkedStreams } from '../store/parked-events.js';
import { inSavepoint } from '../store/transaction.js';
import { type Applying, contextOf, culpritOf } from './applying.js';
import { isDatabaseFault, messageOf, NothingApplies, RebuildStopped } from './failures.js';

export interface Parking {
  event: RecordedEvent;
  error: string;
  follows: boolean;
}

const FOLLOWS = 'an earlier event of its stream is parked';

/** Position of the event of this batch that a stream waits for; '' where it waited before this batch. */
type Blocked = Map<string, string>;

/** It is the one that is parked or comes after it. */
const isOut = (blocked: Blocked, event: RecordedEvent): boolean => {
  const from = blocked.get(event.stream);
  return from !== undefined && event.position >= from;
};

const follows = (blocked: Blocked, event: RecordedEvent): boolean =>
  isOut(blocked, event) && blocked.get(event.stream) !== event.position;

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

/** Together, else one by one. @returns why an event could not be marked, by its id. */
const markAll = async (applying: Applying, events: readonly RecordedEvent[]): Promise<Map<string, string>> => {
  const { client, projector } = applying;
  try {
    await inSavepoint(client, async () => projector.markParked?.(contextOf(applying), events, true));
    return new Map();
  } catch (error) {
    // What an event concerns can be as unreadable as the event; it must not stop the rest for that.
    if (isDatabaseFault(error)) throw error;
    const [only, ...more] = events;
    if (only && more.length === 0) return new Map([[only.id, messageOf(error)]]);
  }
  const unmarked = new Map<string, string>();
  for (const event of events) for (const [id, why] of await markAll(applying, [event])) unmarked.set(id, why);
  return unmarked;
};

const parkAll = async (applying: Applying, parkings: readonly Parking[]): Promise<void> => {
  const { client, build } = applying;
  const unmarked = await markAll(
    applying,
    parkings.map(({ event }) => event),
  );
  await park(
    client,
    build,
    parkings.map(({ event, error, follows }) => {
      const why = unmarked.get(event.id);
      return { event, follows, error: why === undefined ? error : `${error} (not marked as incomplete: ${why})` };
    }),
  );
};

/** Applies events of the projector's own types, in log order. @returns what was parked instead. */
export const applyFacts = async (applying: Applying, events: readonly RecordedEvent[]): Promise<Parking[]> => {
  if (events.length === 0) return [];
  const { client, build, policy, projector } = applying;
  const waiting = await parkedStreams(client, build.schema, [...new Set(events.map((event) => event.stream))]);
  const blocked: Blocked = new Map([...waiting].map((stream) => [stream, '']));
  /** By stream: where an earlier event of a stream turns out to be poison too, the later one only follows it. */
  const culprits = new Map<string, Parking>();
  const result = { inARow: 0, any: false };
  const blame = (event: RecordedEvent, error: unknown): void => {
    if (policy.kind === 'rebuild') throw new RebuildStopped(event, error);
    if (!(error instanceof PoisonEvent)) result.inARow += 1;
    if (policy.kind === 'careful' && result.inARow >= policy.streak.limit)
      throw new NothingApplies(result.inARow, error);
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
      result.inARow = 0;
      result.any = true;
    });
  if (policy.kind === 'careful') {
    const { inARow, any } = result;
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
