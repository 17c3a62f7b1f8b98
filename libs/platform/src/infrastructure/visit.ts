import type { Type } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';
import { raiseEpoch, type LogIdentity } from '#event-log';
import { createProjectionOperations, type ProjectionOperations } from '#projections';
import { allMigrations } from '../bootstrap/start-app.js';
import type { LotlineConfig } from '../config/lotline-config.js';
import { featuresOf, projectorsOf } from '../feature.js';
import { runMigrations } from '../postgres/migrate.js';
import { visitDatabase } from './open-database.js';
import { openInfrastructure } from './open-infrastructure.js';
import { visitMigrated } from './visit-migrated.js';

/** Brings the database of the configuration up to date. @returns the migrations that ran. */
export const migrateDatabase = async (module: Type, config: LotlineConfig, logger: Logger): Promise<string[]> => {
  const database = await visitDatabase(config, logger);
  try {
    return await runMigrations(database.url, allMigrations(featuresOf(module)));
  } finally {
    await database.close();
  }
};

/**
 * For use after a backup was restored: what was built from what the backup lacks has to be rebuilt, it is never continued.
 * @throws LotlineError (422) `no-database`, `not-migrated`.
 */
export const raiseLogEpoch = async (config: LotlineConfig, logger: Logger): Promise<LogIdentity> => {
  const database = await visitMigrated(config, logger);
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    return await raiseEpoch(client);
  } finally {
    await client.end();
    await database.close();
  }
};

/**
 * What operators do with the read models of a composition, while it runs or not.
 * @throws LotlineError (422) `no-database`, `not-migrated`.
 */
export const visitProjections = async (
  module: Type,
  config: LotlineConfig,
  logger: Logger,
): Promise<{ operations: ProjectionOperations; close: () => Promise<void> }> => {
  const database = await visitMigrated(config, logger);
  const { infrastructure, close } = openInfrastructure({ config, databaseUrl: database.url, logger, name: 'cli' });
  const { pool, log, bus } = infrastructure;
  return {
    operations: createProjectionOperations({
      pool,
      log,
      projectors: projectorsOf(featuresOf(module), config),
      partitionOf: bus.partitionOf.bind(bus),
      keyOf: bus.keyOf.bind(bus),
      actor: 'operator:cli',
    }),
    close: async () => {
      await close();
      await database.close();
    },
  };
};
