import type { EventStoreDBClient } from '@eventstore/db-client';
import { appendCall } from './append-call.js';
import type { Calls } from './calls.js';
import type { Names } from './names.js';
import { ownRecord } from './own-record.js';
import { readEvents, readLast } from './read-calls.js';
import type { StoredEvent } from './stored-event.js';

/** Where the event of an id will stand, or stands. */
export interface Place {
  stream: string;
  revision: number;
}

/** Revision of the last record in an id's stream. */
type At = number | 'no-stream';

/**
 * What is known of an id:
 * - `free`: no event has it. The last claim was given back, or its place went to another event, which is for ever;
 * - `recorded`: its event;
 * - `open`: somebody claimed it for a place that is empty still, and is about to append, or has died.
 */
export type Holding =
  { kind: 'free'; at: At } | { kind: 'recorded'; stored: StoredEvent } | { kind: 'open'; at: number; place: Place };

export interface Claims {
  look(id: string): Promise<Holding>;
  /**
   * Claims an id whose last record is at `at`.
   * @returns where the claim stands; undefined where somebody else was faster.
   */
  claim(id: string, place: Place, at: At): Promise<number | undefined>;
  /** Gives a claim back whose place stays empty, so that nobody waits for it. */
  release(id: string, at: number): Promise<void>;
}

const CLAIMED = 'IdClaimed';
const RELEASED = 'IdReleased';

/** A stream per id, in which places are claimed, the last claim being the one that holds. */
export const createClaims = (client: EventStoreDBClient, names: Names, calls: Calls): Claims => {
  const write = (id: string, type: string, data: unknown, at: At) => {
    const record = ownRecord(type, data);
    return calls.run(() => appendCall(client, names.ofId(id), [record], at));
  };
  return {
    look: async (id) => {
      const last = await calls.run(() => readLast(client, names.ofId(id)));
      if (!last) return { kind: 'free', at: 'no-stream' };
      if (last.type === RELEASED) return { kind: 'free', at: last.revision };
      const place = last.data as Place;
      const [stored] = await calls.run(() => readEvents(client, names, place.stream, { from: place.revision, max: 1 }));
      if (!stored) return { kind: 'open', at: last.revision, place };
      return stored.event.id === id ? { kind: 'recorded', stored } : { kind: 'free', at: last.revision };
    },
    claim: async (id, place, at) => {
      const answer = await write(id, CLAIMED, place, at);
      return answer.ok ? (at === 'no-stream' ? 0 : at + 1) : undefined;
    },
    release: async (id, at) => {
      await write(id, RELEASED, {}, at);
    },
  };
};
