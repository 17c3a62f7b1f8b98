import type { Pool } from 'pg';
import type { Jobs } from '../port.js';

export interface Owed {
  id: string;
  at: Date;
}

export interface Owner {
  /** Writes down what is to be done, then wakes for it. */
  owe(work: readonly Owed[]): Promise<void>;
  /** How much is not done yet. */
  open(): Promise<number>;
  stop(): Promise<void>;
}

export interface OwnerOptions {
  pool: Pool;
  jobs: Jobs;
  /** What went wrong outside a handler; tried again by the next sweep. */
  onFailure: (error: unknown) => void;
}

const QUEUE = 'owed';
const SWEEP_EVERY_MS = 100;

const CREATE = `
  CREATE TABLE IF NOT EXISTS owed (
    id text PRIMARY KEY, at timestamptz NOT NULL, done integer NOT NULL DEFAULT 0, done_at timestamptz)`;
const OWE = `INSERT INTO owed (id, at) SELECT * FROM unnest($1::text[], $2::timestamptz[])`;
/** By what the row says, never by having been woken. */
const DO = `
  UPDATE owed SET done = done + 1, done_at = clock_timestamp() WHERE id = $1 AND done = 0 AND at <= clock_timestamp()`;
const DUE = `SELECT id FROM owed WHERE done = 0 AND at <= clock_timestamp()`;
const OPEN = `SELECT count(*)::integer AS count FROM owed WHERE done = 0`;

/** An owner of work as the port has it: what is due is a row, a job only wakes, a sweep wakes again for what nobody did. */
export const startOwner = async ({ pool, jobs, onFailure }: OwnerOptions): Promise<Owner> => {
  await pool.query(CREATE);
  const worker = await jobs.work(
    QUEUE,
    async ({ key }) => {
      await pool.query(DO, [key]);
    },
    { concurrency: 2 },
  );
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    const { rows } = await pool.query<{ id: string }>(DUE);
    await jobs.wake(
      QUEUE,
      rows.map(({ id }) => ({ key: id })),
    );
  };
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep).catch(onFailure);
  }, SWEEP_EVERY_MS);
  return {
    owe: async (work) => {
      await pool.query(OWE, [work.map(({ id }) => id), work.map(({ at }) => at)]);
      await jobs.wake(
        QUEUE,
        work.map(({ id: key, at }) => ({ key, at })),
      );
    },
    open: async () => (await pool.query<{ count: number }>(OPEN)).rows[0]!.count,
    stop: async () => {
      clearInterval(timer);
      await sweeping;
      await worker.stop();
    },
  };
};
