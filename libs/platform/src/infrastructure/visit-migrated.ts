import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { type LotlineError, refused } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';
import { clusterOf, type Database, visitDatabase } from './open-database.js';

const TABLES = `SELECT to_regclass('log.identity') IS NOT NULL AND to_regclass('projections.builds') IS NOT NULL AS found`;

const comesTooEarly = (code: string, what: string): LotlineError => {
  const message = `${what} yet: run "migrate" or start the product first`;
  return refused(code, message, [{ code, message }]);
};

/** What cannot be looked into is left to the server to complain of. */
const isCluster = (dataDir: string): Promise<boolean> =>
  access(join(dataDir, 'PG_VERSION')).then(
    () => true,
    (error: unknown) => !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''),
  );

const hasTables = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, application_name: 'lotline-visit' });
  try {
    await client.connect();
    const { rows } = await client.query<{ found: boolean }>(TABLES);
    return rows[0]?.found === true;
  } finally {
    await client.end();
  }
};

/**
 * The database for a tool that works with what is there: it makes neither a data directory nor tables.
 * @throws LotlineError (422) `no-database` where there is no data directory, `not-migrated` where there are no tables.
 */
export const visitMigrated = async (config: LotlineConfig, logger: Logger): Promise<Database> => {
  if (config.databaseUrl === undefined && !(await isCluster(clusterOf(config))))
    throw comesTooEarly('no-database', `there is no database in ${resolve(config.dataDir)} (LOTLINE_DATA_DIR)`);
  const database = await visitDatabase(config, logger);
  try {
    if (!(await hasTables(database.url))) throw comesTooEarly('not-migrated', 'the database has no tables of Lotline');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
};
