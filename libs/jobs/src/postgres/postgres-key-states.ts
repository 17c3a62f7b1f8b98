import type { Pool } from 'pg';
import type { KeyStates } from '../bull/key-states.js';

interface DeadRow {
  queue: string;
  key: string;
  attempts: number;
  reason: string;
  failed_at: Date;
}

/** A row for each key of which anything is known. */
export const CREATE_KEYS = `
  CREATE SCHEMA IF NOT EXISTS jobs;
  CREATE TABLE IF NOT EXISTS jobs.keys (
    queue     text NOT NULL,
    key       text NOT NULL,
    begun     integer NOT NULL DEFAULT 0,
    due_ms    bigint,
    attempts  integer,
    reason    text,
    failed_at timestamptz,
    PRIMARY KEY (queue, key)
  );
  CREATE INDEX IF NOT EXISTS keys_dead ON jobs.keys (failed_at) WHERE failed_at IS NOT NULL`;

const POSTPONE = `
  INSERT INTO jobs.keys AS k (queue, key, due_ms)
  SELECT $1, wake.key, wake.at FROM unnest($2::text[], $3::bigint[]) AS wake (key, at) ORDER BY wake.key
  ON CONFLICT (queue, key) DO UPDATE SET due_ms = least(k.due_ms, excluded.due_ms)
  RETURNING key, due_ms`;
const DUE_AT = `SELECT due_ms FROM jobs.keys WHERE queue = $1 AND key = $2 AND due_ms IS NOT NULL`;
const BEGIN = `
  INSERT INTO jobs.keys AS k (queue, key, begun) VALUES ($1, $2, 1)
  ON CONFLICT (queue, key) DO UPDATE
    SET begun = k.begun + 1, due_ms = NULL, attempts = NULL, reason = NULL, failed_at = NULL
  RETURNING begun`;
/** A key that was woken for later meanwhile keeps its row. */
const SUCCEED = `
  WITH waits AS (UPDATE jobs.keys SET begun = 0 WHERE queue = $1 AND key = $2 AND due_ms IS NOT NULL RETURNING key)
  DELETE FROM jobs.keys WHERE queue = $1 AND key = $2 AND due_ms IS NULL`;
const BURY = `
  INSERT INTO jobs.keys AS k (queue, key, attempts, reason, failed_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (queue, key) DO UPDATE
    SET begun = 0, attempts = excluded.attempts, reason = excluded.reason, failed_at = excluded.failed_at`;
/** A key that was woken for later meanwhile keeps its row; one that is run is not dead. */
const EXHUME = `
  WITH waits AS (
    UPDATE jobs.keys SET attempts = NULL, reason = NULL, failed_at = NULL
    WHERE queue = $1 AND key = $2 AND failed_at = $3 AND due_ms IS NOT NULL RETURNING key
  ), gone AS (
    DELETE FROM jobs.keys WHERE queue = $1 AND key = $2 AND failed_at = $3 AND due_ms IS NULL RETURNING key
  )
  SELECT key FROM waits UNION ALL SELECT key FROM gone`;
const DEAD = `SELECT queue, key, attempts, reason, failed_at FROM jobs.keys WHERE failed_at IS NOT NULL`;

export const postgresKeyStates = (pool: Pool): KeyStates => ({
  postpone: async (queue, wakes) => {
    const { rows } = await pool.query<{ key: string; due_ms: string }>(POSTPONE, [
      queue,
      wakes.map(({ key }) => key),
      wakes.map(({ at }) => at),
    ]);
    return rows.map(({ key, due_ms }) => ({ key, at: Number(due_ms) }));
  },
  dueAt: async (queue, key) => {
    const { rows } = await pool.query<{ due_ms: string }>(DUE_AT, [queue, key]);
    return rows[0] && Number(rows[0].due_ms);
  },
  begin: async (queue, key) => {
    const { rows } = await pool.query<{ begun: number }>(BEGIN, [queue, key]);
    return rows[0]?.begun ?? 1;
  },
  succeed: async (queue, key) => {
    await pool.query(SUCCEED, [queue, key]);
  },
  bury: async ({ queue, key, attempts, reason, failedAt }) => {
    await pool.query(BURY, [queue, key, attempts, reason, failedAt]);
  },
  exhume: async ({ queue, key, failedAt }) => (await pool.query(EXHUME, [queue, key, failedAt])).rowCount === 1,
  dead: async () => {
    const { rows } = await pool.query<DeadRow>(DEAD);
    return rows.map(({ failed_at: failedAt, ...row }) => ({ ...row, failedAt }));
  },
});
