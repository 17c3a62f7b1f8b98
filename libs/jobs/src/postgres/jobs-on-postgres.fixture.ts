import { createTestDatabase } from '#testkit';
import pg from 'pg';
import { startGatedProxy } from '../contract/gated-proxy.js';
import type { JobsFactory } from '../contract/jobs-under-test.js';
import type { Jobs } from '../port.js';
import { createPostgresJobs, migratePostgresJobs } from './index.js';

const KEPT = `SELECT (SELECT count(*) FROM jobs.keys) + (SELECT count(*) FROM bullmq.job) AS kept`;

/** A database of their own. */
export const jobsOnPostgres: JobsFactory = async () => {
  const database = await createTestDatabase();
  await migratePostgresJobs(database.url);
  const proxy = await startGatedProxy(database.url);
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  // The drop may come before the server has let go of a connection.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const opened: Jobs[] = [];
  return {
    address: { adapter: 'postgres', url: database.url, prefix: '' },
    open: (options = {}) => {
      const jobs = createPostgresJobs({ databaseUrl: proxy.url, ...options });
      opened.push(jobs);
      return jobs;
    },
    disconnect: () => proxy.shut(),
    reconnect: () => proxy.open(),
    kept: async () => Number((await pool.query<{ kept: string }>(KEPT)).rows[0]?.kept),
    dispose: async () => {
      await Promise.all(opened.map((jobs) => jobs.close()));
      await Promise.all([proxy.close(), pool.end()]);
      await database.drop();
    },
  };
};
