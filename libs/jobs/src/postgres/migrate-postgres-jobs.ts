import { runMigrations } from 'bullmq';
import pg from 'pg';
import { CREATE_KEYS } from './postgres-key-states.js';

/** BullMQ takes this name where the pool is not its own. */
export const BULLMQ_SCHEMA = 'bullmq';

/** Creates or upgrades the schemas `bullmq` and `jobs`; safe to run twice and by two at once. */
export const migratePostgresJobs = async (databaseUrl: string): Promise<void> => {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'lotline-jobs-migrate' });
  await client.connect();
  try {
    await runMigrations(client, BULLMQ_SCHEMA);
    await client.query('BEGIN');
    // Two at once would both see that the table is missing.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('lotline-jobs'))`);
    await client.query('CREATE SCHEMA IF NOT EXISTS jobs');
    await client.query(CREATE_KEYS);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
};
