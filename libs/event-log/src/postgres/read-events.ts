import type { Pool } from 'pg';
import type { EventMeta, RecordedEvent } from '#contracts';
import { parseLossless } from '#kernel';
import type { LogBatch, ReadStreamOptions } from '../port.js';
import { positionNumber, positionText } from './position.js';

const COLUMNS = `e.position::text AS position, revision, schema_version, id, type, event_time, data::text AS data,
  meta::text AS meta, extract(epoch FROM record_time)::float8 * 1000 AS record_time`;

/** The name by a sub-query: one index look-up a row whatever the planner believes of a table that grew since. */
const READ_ALL = `
SELECT ${COLUMNS}, (SELECT name FROM log.streams s WHERE s.key = e.stream) AS stream
FROM log.events e WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position LIMIT $3`;

/** A stream's key is the position of its first event, so that older partitions need not be looked into. */
const OF_STREAM = `
SELECT ${COLUMNS}, $1::text AS stream
FROM log.events e
WHERE e.stream = (SELECT key FROM log.streams WHERE name = $1)
  AND e.position >= (SELECT key FROM log.streams WHERE name = $1)`;
const READ_STREAM = `${OF_STREAM} AND e.revision >= $2 ORDER BY e.revision LIMIT $3`;
const READ_STREAM_BACKWARDS = `${OF_STREAM} AND e.revision <= $2 ORDER BY e.revision DESC LIMIT $3`;

/** The last revision that a stream can have (PostgreSQL: `integer`). */
const LAST = 2_147_483_647;

interface Row {
  position: string;
  stream: string;
  revision: number;
  schema_version: number;
  id: string;
  type: string;
  event_time: string;
  record_time: number;
  data: string;
  meta: string;
}

const toEvent = (row: Row): RecordedEvent => ({
  id: row.id,
  type: row.type,
  schemaVersion: row.schema_version,
  eventTime: row.event_time,
  data: parseLossless(row.data),
  meta: JSON.parse(row.meta) as EventMeta,
  stream: row.stream,
  revision: row.revision,
  position: positionText(row.position),
  recordTime: new Date(Math.round(row.record_time)).toISOString(),
});

export const DEFAULT_BATCH = 1_000;

export const readAll = async (
  pool: Pool,
  { after, max, upTo }: { after?: string | undefined; max?: number; upTo?: string | undefined },
): Promise<LogBatch> => {
  const from = positionNumber(after);
  const to = upTo === undefined ? Number.MAX_SAFE_INTEGER : positionNumber(upTo);
  const { rows } = await pool.query<Row>({
    name: 'log-read-all',
    text: READ_ALL,
    values: [from, to, max ?? DEFAULT_BATCH],
  });
  const events = rows.map(toEvent);
  // Without gaps, an empty answer means that `after` is the end.
  return { events, position: events.at(-1)?.position ?? after ?? '' };
};

export const readStream = async (
  pool: Pool,
  stream: string,
  { backwards = false, from = backwards ? LAST : 0, max }: ReadStreamOptions = {},
): Promise<RecordedEvent[]> => {
  // No stream can have such a name, and PostgreSQL would call it an error.
  if (stream.includes('\0')) return [];
  const { rows } = await pool.query<Row>({
    name: backwards ? 'log-read-stream-backwards' : 'log-read-stream',
    text: backwards ? READ_STREAM_BACKWARDS : READ_STREAM,
    values: [stream, from, max ?? null],
  });
  return rows.map(toEvent);
};

/** @returns '' where the log is empty. */
export const readHead = async (pool: Pool): Promise<string> => {
  const { rows } = await pool.query<{ position: string }>('SELECT position::text AS position FROM log.tail');
  const position = rows[0]?.position ?? '0';
  return position === '0' ? '' : positionText(position);
};
