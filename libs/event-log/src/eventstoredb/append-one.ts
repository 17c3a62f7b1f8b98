import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { LotlineError } from '#kernel';
import type { AcceptedAppend, AcceptedEvent } from '../accept-append.js';
import { backoff, pause } from '../pause.js';
import type { AppendResult, Recorded } from '../port.js';
import { appendCall, type AppendAnswer } from './append-call.js';
import type { Calls } from './calls.js';
import type { Claims, Holding, Place } from './claims.js';
import type { Names } from './names.js';
import { readEvents } from './read-calls.js';
import { proposedEvent, type StoredEvent } from './stored-event.js';

export interface AppendContext {
  client: EventStoreDBClient;
  names: Names;
  calls: Calls;
  claims: Claims;
  /**
   * Milliseconds after which an id claimed for an empty place is taken over. A claimer gives up in half of that, so that
   * it has stopped trying before anybody takes over.
   */
  lease: number;
  now: (() => string) | undefined;
}

/** What an append has found out so far. */
interface Attempt {
  append: AcceptedAppend;
  appendId: string;
  /** Revision of the stream on which the new events are to follow. */
  base: number;
  /** Ids that this append has claimed: where in the id's stream, and not before when. */
  claimed: Map<string, { at: number; place: Place; since: number }>;
  recorded: Map<string, StoredEvent>;
}

const toRecorded = ({ event, appendId }: StoredEvent, own: string): Recorded => ({
  id: event.id,
  position: event.position,
  revision: event.revision,
  recordTime: event.recordTime,
  duplicate: appendId !== own,
});

const conflict = (id: string, position: string): AppendResult => ({ ok: false, reason: 'id-conflict', id, position });

const differs = (event: AcceptedEvent, stored: StoredEvent): boolean =>
  event.contentHash.toString('hex') !== stored.contentHash;

const overtaken = (): LotlineError =>
  new LotlineError('unavailable', 'log-unavailable', 'an event id is being recorded elsewhere; send it again');

const headOf = async ({ client, names, calls }: AppendContext, stream: string): Promise<number> => {
  const [last] = await calls.run(() => readEvents(client, names, stream, { backwards: true, max: 1 }));
  return last?.event.revision ?? -1;
};

/** The first events of their ids in an append that are in the log under no place yet, in order. */
const newOf = ({ append, recorded }: Attempt): AcceptedEvent[] => {
  const seen = new Set<string>();
  return append.events.filter(({ id }) => !recorded.has(id) && !seen.has(id) && seen.add(id));
};

/** An id of the append that is taken by other content: in the log, or in the append itself. */
const findConflict = ({ append, recorded }: Attempt): AppendResult | undefined => {
  const first = new Map<string, AcceptedEvent>();
  for (const event of append.events) {
    const stored = recorded.get(event.id);
    if (stored && differs(event, stored)) return conflict(event.id, stored.event.position);
    const own = first.get(event.id);
    if (own && !own.contentHash.equals(event.contentHash)) return conflict(event.id, '');
    first.set(event.id, own ?? event);
  }
  return undefined;
};

const isSame = (one: Place, other: Place): boolean => one.stream === other.stream && one.revision === other.revision;

/**
 * Makes sure that an id is claimed for its place. Whoever claimed the same place is no rival and not waited for: what is
 * appended there is decided by the stream's revision, and the content is compared when it is read back. The claim is made
 * anew all the same, so that whoever wants another place begins to wait from now.
 * @returns false where the id turned out to be recorded.
 */
const claimId = async (context: AppendContext, attempt: Attempt, id: string, place: Place): Promise<boolean> => {
  const { claims, lease } = context;
  const mine = attempt.claimed.get(id);
  if (mine?.place.revision === place.revision) return true;
  let known: Holding = { kind: 'free', at: mine?.at ?? 'no-stream' };
  let openSince: { at: number; since: number } | undefined;
  for (let waits = 1; ;) {
    if (known.kind === 'recorded') {
      attempt.recorded.set(id, known.stored);
      attempt.claimed.delete(id);
      return false;
    }
    if (known.kind === 'open' && !isSame(known.place, place)) {
      if (openSince?.at !== known.at) openSince = { at: known.at, since: performance.now() };
      if (performance.now() - openSince.since < lease) {
        await pause(backoff((waits += 1)));
        known = await claims.look(id);
        continue;
      }
    }
    const since = performance.now();
    const at = await claims.claim(id, place, known.at);
    if (at !== undefined) {
      attempt.claimed.set(id, { at, place, since });
      return true;
    }
    known = await claims.look(id);
  }
};

/** Claims every new id for the place it would get; ids that turn out to be recorded shift the places of the others. */
const claimAll = async (context: AppendContext, attempt: Attempt): Promise<void> => {
  for (;;) {
    const { stream } = attempt.append;
    const claimed = await Promise.all(
      newOf(attempt).map(({ id }, index) =>
        claimId(context, attempt, id, { stream, revision: attempt.base + 1 + index }),
      ),
    );
    if (claimed.every(Boolean)) return;
  }
};

/** Gives back what was claimed for places that stay empty. */
const releaseAfter = async ({ claims }: AppendContext, { claimed }: Attempt, head: number): Promise<void> => {
  await Promise.all(
    [...claimed].map(async ([id, { at, place }]) => {
      if (place.revision > head) await claims.release(id, at);
    }),
  );
};

const send = async ({ client, names, calls, lease, now }: AppendContext, attempt: Attempt): Promise<AppendAnswer> => {
  const { append, appendId, base, claimed } = attempt;
  const recordTime = now?.();
  const events = newOf(attempt).map((event) => proposedEvent(event, appendId, recordTime));
  return calls.run(() => {
    // Later somebody may have taken over an id and recorded it elsewhere.
    if ([...claimed.values()].some(({ since }) => performance.now() - since > lease / 2)) throw overtaken();
    return appendCall(client, names.ofStream(append.stream), events, base < 0 ? 'no-stream' : base);
  });
};

/** What stands where the append was recorded; the server takes a repetition by its ids alone, so the content is compared. */
const readBack = async ({ client, names, calls }: AppendContext, attempt: Attempt): Promise<void> => {
  const { append, base } = attempt;
  const count = newOf(attempt).length;
  const stored = await calls.run(() => readEvents(client, names, append.stream, { from: base + 1, max: count }));
  for (const one of stored) attempt.recorded.set(one.event.id, one);
  if (newOf(attempt).length > 0) throw new Error(`what was appended to ${append.stream} cannot be read back`);
};

const resultOf = ({ append, recorded, appendId }: Attempt): AppendResult => {
  const answered = new Set<string>();
  return {
    ok: true,
    recorded: append.events.flatMap(({ id }) => {
      const stored = recorded.get(id);
      if (!stored) return [];
      const result = toRecorded(stored, answered.has(id) ? '' : appendId);
      answered.add(id);
      return [result];
    }),
  };
};

/**
 * Records one append. Every id is claimed for a place in a stream before anything is sent, so an id is found wherever it
 * stands, and the stream's revision decides what becomes of the place; see ADR 16.
 * @throws LotlineError `log-unavailable` (the outcome is unknown), `append-too-large`.
 */
export const appendOne = async (context: AppendContext, append: AcceptedAppend): Promise<AppendResult> => {
  const { stream, expected } = append;
  const base = typeof expected === 'number' ? expected : expected === 'any' ? await headOf(context, stream) : -1;
  const attempt: Attempt = {
    append,
    appendId: randomUUID(),
    base,
    claimed: new Map(),
    recorded: new Map(),
  };
  if (append.events.length === 0) {
    const head = expected === 'any' ? base : await headOf(context, stream);
    return head === base
      ? { ok: true, recorded: [] }
      : { ok: false, reason: 'revision', stream, expected, actual: head < 0 ? 'no-stream' : head };
  }

  for (;;) {
    await claimAll(context, attempt);
    const conflicting = findConflict(attempt);
    if (conflicting) {
      await releaseAfter(context, attempt, attempt.base);
      return conflicting;
    }
    if (newOf(attempt).length === 0) return resultOf(attempt);
    const answer = await send(context, attempt);
    if (answer.ok) {
      await readBack(context, attempt);
      return findConflict(attempt) ?? resultOf(attempt);
    }
    const head = answer.actual === 'no-stream' ? -1 : answer.actual;
    if (expected !== 'any') {
      await releaseAfter(context, attempt, head);
      return { ok: false, reason: 'revision', stream, expected, actual: answer.actual };
    }
    attempt.base = head;
  }
};
