import { eventLogMigrations } from '#event-log';
import { migratePostgresJobs } from '#jobs';
import { projectionMigrations } from '#projections';
import { migrationsOf, type Feature } from '../feature.js';
import { platformMigrations } from '../idempotency/migrations.js';
import { pendingMigrations, runMigrations, type MigrationClass } from '../postgres/migrate.js';
import { DatabaseUnusable } from '../postgres/require-database.js';

/** The platform's own, then those of the features, in the order they say. */
const allMigrations = (features: readonly Feature[]): MigrationClass[] => [
  ...eventLogMigrations,
  ...projectionMigrations,
  ...platformMigrations,
  ...migrationsOf(features),
];

/** Brings a database up to date; safe to run twice and by several at once. @returns the migrations that this call ran. */
export const bringUpToDate = async (databaseUrl: string, features: readonly Feature[]): Promise<string[]> => {
  const ran = await runMigrations(databaseUrl, allMigrations(features));
  await migratePostgresJobs(databaseUrl);
  return ran;
};

/**
 * For a process that must not migrate: one that began on older tables would fail here and there, later. It ends instead, and
 * whoever keeps it running starts it again.
 * @throws DatabaseUnusable naming what is lacking and what to do.
 */
export const requireUpToDate = async (databaseUrl: string, features: readonly Feature[]): Promise<void> => {
  const lacking = await pendingMigrations(databaseUrl, allMigrations(features));
  const [first] = lacking;
  if (first === undefined) return;
  throw new DatabaseUnusable(
    'the database of DATABASE_URL',
    `it lacks ${lacking.length} migrations of this release, the first is ${first}: run "npm run lotline -- migrate" first (or set LOTLINE_MIGRATE=true)`,
    undefined,
  );
};
