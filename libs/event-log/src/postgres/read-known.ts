import type { ClientBase } from 'pg';
import type { AcceptedAppend } from '../accept-append.js';
import type { Head, KnownId } from './plan-flush.js';

const READ_HEADS = 'SELECT name, key::float8 AS key, revision FROM log.streams WHERE name = ANY($1::text[])';

const READ_IDS = `
SELECT i.id, i.content_hash, i.position::float8 AS position, e.revision,
       extract(epoch FROM e.record_time)::float8 * 1000 AS record_time
FROM log.ids i JOIN log.events e ON e.position = i.position
WHERE i.id = ANY($1::uuid[])`;

/** Where the streams of these appends stand; to be read under the log's lock. */
export const readHeads = async (client: ClientBase, appends: readonly AcceptedAppend[]): Promise<Map<string, Head>> => {
  const names = [...new Set(appends.map((append) => append.stream))];
  const { rows } = await client.query<Head & { name: string }>({
    name: 'log-read-heads',
    text: READ_HEADS,
    values: [names],
  });
  return new Map(rows.map(({ name, key, revision }) => [name, { key, revision }]));
};

interface IdRow {
  id: string;
  content_hash: Buffer;
  position: number;
  revision: number;
  record_time: number;
}

/** Which of these appends' ids are taken, and by what; to be read under the log's lock. */
export const readIds = async (
  client: ClientBase,
  appends: readonly AcceptedAppend[],
): Promise<Map<string, KnownId>> => {
  const ids = [...new Set(appends.flatMap((append) => append.events.map((event) => event.id)))];
  const { rows } = await client.query<IdRow>({ name: 'log-read-ids', text: READ_IDS, values: [ids] });
  return new Map(
    rows.map(({ id, content_hash, position, revision, record_time }) => [
      id,
      { contentHash: content_hash, position, revision, recordTime: new Date(Math.round(record_time)).toISOString() },
    ]),
  );
};
