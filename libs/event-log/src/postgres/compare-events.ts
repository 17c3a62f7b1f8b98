import type { Pool } from 'pg';
import type { NewEvent } from '#contracts';
import type { Comparison } from '../port.js';
import { acceptEvent } from '../accept-append.js';
import { positionText } from './position.js';

const READ_HASHES = `
SELECT id, content_hash, position::text AS position FROM log.ids WHERE id = ANY($1::uuid[])`;

/** Without the log's lock: what is found can only become more, never other. */
export const compareEvents = async (pool: Pool, events: readonly NewEvent[]): Promise<Comparison[]> => {
  const accepted = events.map(acceptEvent);
  const { rows } = await pool.query<{ id: string; content_hash: Buffer; position: string }>({
    name: 'log-read-hashes',
    text: READ_HASHES,
    values: [[...new Set(accepted.map((event) => event.id))]],
  });
  const known = new Map(rows.map((row) => [row.id, row]));
  return accepted.map((event) => {
    const row = known.get(event.id);
    if (!row) return { found: 'nothing' };
    return {
      found: row.content_hash.equals(event.contentHash) ? 'same' : 'other',
      position: positionText(row.position),
    };
  });
};
