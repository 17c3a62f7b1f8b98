import type { ClientBase } from 'pg';

/** The end of the log as read under its lock. */
export interface Tail {
  position: number;
  /** First position that has no partition yet. */
  partitionedTo: number;
  partitionSize: number;
  /** Milliseconds: the server's clock now, but never before the last event's record time. */
  recordTime: number;
}

/** First statement of a flush. Waits for the writer before us, whose snapshot-old view of the row is never looked at. */
export const LOCK_TAIL = 'SELECT FROM log.tail FOR UPDATE';

/**
 * A later statement, hence with a snapshot taken after the lock was granted (READ COMMITTED): it sees what the writer
 * before us committed. The clock is read here too, since in the locking statement it would be the time before the wait.
 */
const READ_TAIL = `
SELECT position::float8 AS position, partitioned_to::float8 AS partitioned_to, partition_size::float8 AS partition_size,
       extract(epoch FROM date_trunc('milliseconds', clock_timestamp()))::float8 * 1000 AS clock,
       CASE WHEN isfinite(record_time) THEN extract(epoch FROM record_time)::float8 * 1000 ELSE 0 END AS last
FROM log.tail`;

interface TailRow {
  position: number;
  partitioned_to: number;
  partition_size: number;
  clock: number;
  last: number;
}

/** @param now a clock that replaces the server's, in milliseconds. */
export const readTail = async (client: ClientBase, now?: () => number): Promise<Tail> => {
  const { rows } = await client.query<TailRow>({ name: 'log-read-tail', text: READ_TAIL });
  const row = rows[0];
  if (!row) throw new Error('log.tail has no row: the schema "log" is damaged');
  return {
    position: row.position,
    partitionedTo: row.partitioned_to,
    partitionSize: row.partition_size,
    recordTime: Math.max(Math.round(now ? now() : row.clock), Math.round(row.last)),
  };
};
