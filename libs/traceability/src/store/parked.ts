import { canonicalId } from '#kernel';
import { lotIdOf, type RecordedEvent } from '#contracts';
import { columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

const PARKED_COLUMNS: Columns = { id: 'text', log_id: 'uuid', event_id: 'text', recorded_at: 'text' };

const INSERT_PARKED = (s: string): string => `
INSERT INTO ${s}.parked (${Object.keys(PARKED_COLUMNS).join(', ')}) SELECT * FROM ${unnestOf(PARKED_COLUMNS)}
ON CONFLICT DO NOTHING`;
const DELETE_PARKED = (s: string): string => `DELETE FROM ${s}.parked WHERE log_id = ANY ($1::uuid[])`;

const PARKED_ABOUT = (s: string): string => `
SELECT DISTINCT event_id FROM ${s}.parked
WHERE $1::text IS NULL OR id = $1 OR id IN (SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = $1) ORDER BY event_id`;

/**
 * @param lot canonical id; null: any.
 * @returns ids of the parked events that name it: an answer about it may miss what they say.
 */
export const parkedAbout = async (client: Queryable, schema: string, lot: string | null): Promise<string[]> =>
  (await client.query<{ event_id: string }>(PARKED_ABOUT(schema), [lot])).rows.map((row) => row.event_id);

const isUri = (text: string): boolean => text.length <= 2048 && /^(urn:|https?:\/\/)/i.test(text);

/**
 * Every id that stands anywhere in an event we could not read, canonical: more than lots and units, and that is no harm,
 * since a place's id is never looked up as a lot's. A lot missed would be an answer that wrongly claims to be complete.
 */
const idsIn = (value: unknown, found: Set<string> = new Set()): Set<string> => {
  if (typeof value === 'string') {
    if (isUri(value)) found.add(canonicalId(value).id);
  } else if (Array.isArray(value)) {
    for (const member of value) idsIn(member, found);
  } else if (value !== null && typeof value === 'object') {
    const { item, lotCode, issuer } = value as Record<string, unknown>;
    if (typeof item === 'string' && typeof lotCode === 'string')
      found.add(lotIdOf({ item, lotCode, ...(typeof issuer === 'string' && { issuer }) }).id);
    for (const [key, member] of Object.entries(value)) {
      if (isUri(key)) found.add(canonicalId(key).id);
      idsIn(member, found);
    }
  }
  return found;
};

const eventIdOf = (event: RecordedEvent): string => {
  const { eventId } = (event.data ?? {}) as { eventId?: unknown };
  return typeof eventId === 'string' ? eventId : event.id;
};

/** Marks what parked events name as incomplete, or (retried, discarded) as complete again. */
export const markParked = async (
  client: Queryable,
  schema: string,
  events: readonly RecordedEvent[],
  parked: boolean,
): Promise<void> => {
  if (!parked) {
    await client.query(DELETE_PARKED(schema), [events.map((e) => e.id)]);
    return;
  }
  const rows = events.flatMap((event) =>
    [...idsIn(event.data)].map((id) => ({
      id,
      log_id: event.id,
      event_id: eventIdOf(event),
      recorded_at: event.position,
    })),
  );
  await client.query(INSERT_PARKED(schema), columnArrays(PARKED_COLUMNS, rows));
};
