import { createPostgresBackend, type PgPool, Queue, Worker } from 'bullmq';
import pg from 'pg';
import { createJobs } from '../bull/create-jobs.js';
import { DEFAULT_SILENCE_MS, QUEUE_OPTIONS, takeOver } from '../bull/queue-options.js';
import type { Jobs } from '../port.js';
import { BULLMQ_SCHEMA } from './migrate-postgres-jobs.js';
import { postgresKeyStates } from './postgres-key-states.js';

export interface PostgresJobsOptions {
  databaseUrl: string;
  /** What went wrong behind the scenes and is tried again: lost connections, failed attempts to take a job. */
  onError?: (error: unknown) => void;
  /** How long a process may be silent, in ms, before others take its jobs over; default 15 s. */
  silenceMs?: number;
}

/** BullMQ describes what it needs of a pool by types of its own, which have fewer overloads than pg's. */
const forBullmq = (pool: pg.Pool): PgPool => pool as unknown as PgPool;

const QUEUES_POOL = 3;
/** One of them listens. */
const WORKER_POOL = 3;

/**
 * Jobs in PostgreSQL by BullMQ, in the schemas that `migratePostgresJobs` makes; workers are woken by LISTEN/NOTIFY.
 * Nothing is connected before the first use; a process holds up to three connections, and up to three more for each queue it
 * works on. They are its own, since BullMQ finds its tables by the connection's `search_path`.
 */
export const createPostgresJobs = (options: PostgresJobsOptions): Jobs => {
  const { databaseUrl, onError = () => undefined, silenceMs = DEFAULT_SILENCE_MS } = options;

  const connect = (max: number): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: databaseUrl,
      max,
      application_name: 'lotline-jobs',
      options: `-c search_path=${BULLMQ_SCHEMA}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    // A connection that is lost while somebody holds it reports it here alone; who holds it learns it from the next query.
    pool.on('connect', (client) => client.on('error', () => undefined));
    pool.on('error', onError);
    return pool;
  };
  const pool = connect(QUEUES_POOL);

  return createJobs(
    {
      states: postgresKeyStates(pool),
      openQueue: (name) => {
        const queue = new Queue(name, { connection: forBullmq(pool), ...QUEUE_OPTIONS }, createPostgresBackend);
        queue.on('error', onError);
        return queue;
      },
      openWorker: (name, process, concurrency, onFailure) => {
        const connection = connect(WORKER_POOL);
        const worker = new Worker(
          name,
          process,
          { connection: forBullmq(connection), concurrency, ...takeOver(silenceMs) },
          createPostgresBackend,
        );
        worker.on('error', onFailure);
        let closing: Promise<void> | undefined;
        const close = async (): Promise<void> => {
          await worker.close();
          await connection.end();
        };
        return { close: () => (closing ??= close()) };
      },
      reach: async () => {
        await pool.query(`SELECT FROM jobs.keys LIMIT 0`);
      },
      close: () => pool.end(),
    },
    onError,
  );
};
