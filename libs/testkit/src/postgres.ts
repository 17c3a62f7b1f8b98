import { randomBytes } from 'node:crypto';
import pg from 'pg';
// Not by #platform: that would load all of Nest into every spec that needs a database.
import { type MigrationClass, runMigrations } from '../../platform/src/postgres/migrate.js';

export interface TestDatabase {
  /** `postgres://…` of this database alone. */
  url: string;
  /** For the test's own statements; ended by `drop`. */
  pool: pg.Pool;
  /** Ends the pool and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** URL of the test server (a superuser), as Jest's global setup left it. */
export const testServerUrl = (): string => {
  const url = process.env.LOTLINE_TEST_DATABASE_URL;
  if (url === undefined)
    throw new Error('no test server: run this spec in a Jest project that starts one (int, e2e, long)');
  return url;
};

const onServer = async (sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/**
 * A fresh, empty database on the real test server, so that specs share nothing and can run side by side.
 * @param options.migrations applied in order before it is handed over.
 */
export const createTestDatabase = async (
  options: { migrations?: readonly MigrationClass[] } = {},
): Promise<TestDatabase> => {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  try {
    if (options.migrations?.length) await runMigrations(url.href, options.migrations);
  } catch (error) {
    await drop();
    throw error;
  }
  const pool = new pg.Pool({ connectionString: url.href, max: 10 });
  // A test that terminates backends on purpose also hits idle connections; the pool replaces them by itself.
  pool.on('error', () => undefined);
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await drop();
    },
  };
};
