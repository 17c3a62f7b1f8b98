import type { ClientBase } from 'pg';
import { type EventRow, type FlushPlan } from './plan-flush.js';

/** Channel that wakes followers at commit; it carries nothing, they read from where they stand. */
export const CHANNEL = 'lotline_log';

const WRITE_EVENTS = `
WITH incoming AS (
  SELECT $1::bigint + ordinality AS position, stream, revision, id, content_hash, type, schema_version, event_time, data, meta
  FROM unnest($3::bigint[], $4::int[], $5::uuid[], $6::bytea[], $7::text[], $8::int[], $9::text[], $10::text[], $11::text[])
    WITH ORDINALITY AS r(stream, revision, id, content_hash, type, schema_version, event_time, data, meta, ordinality)
), taken AS (
  INSERT INTO log.ids (id, content_hash, position) SELECT id, content_hash, position FROM incoming
)
INSERT INTO log.events (position, stream, record_time, revision, schema_version, id, type, event_time, data, meta)
SELECT position, stream, $2::timestamptz, revision, schema_version, id, type, event_time, data::json, meta::json
FROM incoming`;

const WRITE_HEADS = `
WITH heads AS (
  INSERT INTO log.streams (name, key, revision) SELECT * FROM unnest($3::text[], $4::bigint[], $5::int[])
  ON CONFLICT (name) DO UPDATE SET revision = excluded.revision
), moved AS (
  UPDATE log.tail SET position = $1, record_time = $2
)
SELECT pg_notify('${CHANNEL}', '')`;

/** Bounds one statement's parameters; a flush of more is several statements of the same transaction. */
const ROWS_PER_STATEMENT = 5_000;

const writeEvents = (client: ClientBase, rows: readonly EventRow[], recordTime: string): Promise<unknown> => {
  const column = <T>(of: (row: EventRow) => T): T[] => rows.map(of);
  return client.query({
    name: 'log-write-events',
    text: WRITE_EVENTS,
    values: [
      (rows[0]?.position ?? 1) - 1,
      recordTime,
      column((row) => row.stream),
      column((row) => row.revision),
      column((row) => row.event.id),
      column((row) => row.event.contentHash),
      column((row) => row.event.type),
      column((row) => row.event.schemaVersion),
      column((row) => row.event.eventTime),
      column((row) => row.event.data),
      column((row) => row.event.meta),
    ],
  });
};

/** Sends everything a flush records. Pipelined with the COMMIT that follows; a failure turns that into a rollback. */
export const writePlan = (client: ClientBase, { rows, heads }: FlushPlan, recordTime: string): Promise<unknown>[] => {
  const sent: Promise<unknown>[] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
    sent.push(writeEvents(client, rows.slice(at, at + ROWS_PER_STATEMENT), recordTime));
  const moved = [...heads];
  sent.push(
    client.query({
      name: 'log-write-heads',
      text: WRITE_HEADS,
      values: [
        rows.at(-1)?.position,
        recordTime,
        moved.map(([name]) => name),
        moved.map(([, head]) => head.key),
        moved.map(([, head]) => head.revision),
      ],
    }),
  );
  return sent;
};
