import type { RecordedEvent } from '#contracts';
import type { Pool, PoolClient } from 'pg';

export type ParkedStatus = 'parked' | 'retried' | 'discarded';

/** An event that a build goes without for now. */
export interface Parked {
  projection: string;
  version: number;
  /** The build that could not apply it. */
  schema: string;
  eventId: string;
  stream: string;
  revision: number;
  type: string;
  /** Opaque log position. */
  position: string;
  /** Parked only because an earlier event of its stream is. */
  follows: boolean;
  error: string;
  status: ParkedStatus;
  attempts: number;
  /** Log id of the operator's decision that ended the parking. */
  resolvedBy: string | null;
  firstParked: Date;
}

/** Which build the rows belong to. */
export interface ParkedIn {
  schema: string;
  projection: string;
  version: number;
}

interface Row {
  projection: string;
  version: number;
  schema: string;
  event_id: string;
  stream: string;
  revision: number;
  type: string;
  position: string;
  follows: boolean;
  error: string;
  status: ParkedStatus;
  attempts: number;
  resolved_by: string | null;
  first_parked: Date;
}

const fromRow = ({ event_id, resolved_by, first_parked, ...row }: Row): Parked => ({
  ...row,
  eventId: event_id,
  resolvedBy: resolved_by,
  firstParked: first_parked,
});

const COLUMNS =
  'projection, version, schema, event_id, stream, revision, type, position, follows, error, status, attempts, resolved_by, first_parked';

/** @param filter.statuses undefined: all. */
export const readParked = async (
  db: Pool | PoolClient,
  filter: { schema?: string; stream?: string; eventId?: string; statuses?: readonly ParkedStatus[] },
): Promise<Parked[]> => {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM projections.parked
      WHERE ($1::text IS NULL OR schema = $1) AND ($2::text IS NULL OR stream = $2)
        AND ($3::uuid IS NULL OR event_id = $3) AND ($4::text[] IS NULL OR status = ANY ($4))
      ORDER BY schema, position`,
    [filter.schema ?? null, filter.stream ?? null, filter.eventId ?? null, filter.statuses ?? null],
  );
  return rows.map(fromRow);
};

/**
 * Which of these streams have something parked. Locks what it finds against a retry at the same moment: either the retry
 * is done and the stream flows again, or it comes after and finds what is parked now.
 */
export const parkedStreams = async (
  client: PoolClient,
  schema: string,
  streams: readonly string[],
): Promise<Set<string>> => {
  const { rows } = await client.query<{ stream: string }>(
    `SELECT stream FROM projections.parked
      WHERE schema = $1 AND status = 'parked' AND stream = ANY ($2) ORDER BY event_id FOR SHARE`,
    [schema, streams],
  );
  return new Set(rows.map((row) => row.stream));
};

/** Takes what is parked of a stream for this transaction; reads in a later statement than it waits in. */
export const takeParked = async (client: PoolClient, schema: string, stream: string): Promise<Parked[]> => {
  await client.query(
    `SELECT FROM projections.parked WHERE schema = $1 AND status = 'parked' AND stream = $2
      ORDER BY event_id FOR UPDATE`,
    [schema, stream],
  );
  return readParked(client, { schema, stream, statuses: ['parked'] });
};

export const park = async (
  client: PoolClient,
  { schema, projection, version }: ParkedIn,
  parkings: readonly { event: RecordedEvent; error: string; follows: boolean }[],
): Promise<void> => {
  await client.query(
    `INSERT INTO projections.parked (schema, projection, version, event_id, stream, revision, type, position, follows, error)
     SELECT $1, $2, $3::int, e.*
       FROM unnest($4::uuid[], $5::text[], $6::int[], $7::text[], $8::text[], $9::boolean[], $10::text[]) AS e`,
    [
      schema,
      projection,
      version,
      parkings.map(({ event }) => event.id),
      parkings.map(({ event }) => event.stream),
      parkings.map(({ event }) => event.revision),
      parkings.map(({ event }) => event.type),
      parkings.map(({ event }) => event.position),
      parkings.map(({ follows }) => follows),
      parkings.map(({ error }) => error.slice(0, 4000)),
    ],
  );
};

export const resolveParked = async (
  client: PoolClient,
  schema: string,
  eventIds: readonly string[],
  status: 'retried' | 'discarded',
  decision: string,
): Promise<void> => {
  await client.query(
    `UPDATE projections.parked SET status = $3, resolved_by = $4, changed_at = now(),
            attempts = attempts + CASE WHEN $3 = 'retried' THEN 1 ELSE 0 END
      WHERE schema = $1 AND event_id = ANY ($2::uuid[])`,
    [schema, eventIds, status, decision],
  );
};

/** A retry did not help: the stream stays parked, and the event it failed on says why. */
export const recordFailedRetry = async (
  client: PoolClient,
  schema: string,
  eventIds: readonly string[],
  culprit: string | null,
  error: string,
): Promise<void> => {
  await client.query(
    `UPDATE projections.parked
        SET attempts = attempts + 1, changed_at = now(), error = CASE WHEN event_id = $3 THEN $4 ELSE error END
      WHERE schema = $1 AND event_id = ANY ($2::uuid[])`,
    [schema, eventIds, culprit, error.slice(0, 4000)],
  );
};
