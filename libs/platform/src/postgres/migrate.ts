import pg from 'pg';
import { DataSource, type Logger, type MigrationInterface } from 'typeorm';

/** A TypeORM migration; its `name` ends in a 13-digit timestamp and is unique over all parts of the product. */
export type MigrationClass = new () => MigrationInterface;

/** Any fixed number nobody else uses in this database ("lotl" in ASCII). */
const LOCK = 0x6c6f746c;

/**
 * Brings a database up to date. Each part of the product has its own list and all share one record of what ran
 * (`public.lotline_migrations`), so lists can be applied together or one by one. Each migration is one transaction.
 * Safe to run again and by several processes at once: a session advisory lock lets one work while the others wait, and
 * is released by the server if its holder dies.
 * @param url of the database, as `postgres://…`.
 * @returns names of the migrations that this call ran, in order.
 */
export const runMigrations = async (url: string, migrations: readonly MigrationClass[]): Promise<string[]> => {
  const guard = new pg.Client({ connectionString: url, application_name: 'lotline-migrate' });
  // A dying server reports the loss here as well as on the query; the query's rejection is the one that counts.
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await applyPending(url, migrations);
  } finally {
    await guard.end();
  }
};

/** @returns names of the migrations that the database lacks, in order; those of a newer release are no concern. */
export const pendingMigrations = async (url: string, migrations: readonly MigrationClass[]): Promise<string[]> => {
  const client = new pg.Client({ connectionString: url, application_name: 'lotline-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: found } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('public.lotline_migrations') IS NOT NULL AS there`,
    );
    const { rows } = found[0]?.there
      ? await client.query<{ name: string }>('SELECT name FROM public.lotline_migrations')
      : { rows: [] };
    const ran = new Set(rows.map(({ name }) => name));
    return migrations.map(nameOf).filter((name) => !ran.has(name));
  } finally {
    await client.end();
  }
};

/** As TypeORM names it. */
const nameOf = (migration: MigrationClass): string => new migration().name ?? migration.name;

const ignore = (): void => undefined;
/** TypeORM prints a failed migration by itself; the rejection already says it, and the caller logs. */
const silent: Logger = {
  logQuery: ignore,
  logQueryError: ignore,
  logQuerySlow: ignore,
  logSchemaBuild: ignore,
  logMigration: ignore,
  log: ignore,
};

const applyPending = async (url: string, migrations: readonly MigrationClass[]): Promise<string[]> => {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [...migrations],
    migrationsTableName: 'lotline_migrations',
    migrationsTransactionMode: 'each',
    poolSize: 1,
    installExtensions: false,
    logger: silent,
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
};
