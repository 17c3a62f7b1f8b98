import type { Type } from '@nestjs/common';
import type { Logger } from 'pino';
import type { LogIdentity } from '#event-log';
import type { Jobs } from '#jobs';
import { createProjectionOperations, type ProjectionOperations } from '#projections';
import type { LotlineConfig } from '../config/lotline-config.js';
import { featuresOf, projectorsOf } from '../feature.js';
import { visitDatabase } from './open-database.js';
import { openInfrastructure } from './open-infrastructure.js';
import { openJobs } from './open-jobs.js';
import { raiseEpochOf } from './raise-epoch.js';
import { bringUpToDate } from './up-to-date.js';
import { visitMigrated } from './visit-migrated.js';

/** Brings the database of the configuration up to date. @returns the migrations that ran. */
export const migrateDatabase = async (module: Type, config: LotlineConfig, logger: Logger): Promise<string[]> => {
  const database = await visitDatabase(config, logger);
  try {
    return await bringUpToDate(database.url, featuresOf(module));
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
  try {
    return await raiseEpochOf(config, database.url);
  } finally {
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
      projectors: projectorsOf(module),
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

/**
 * The queue of jobs of the profile, for operators, while the product runs or not.
 * @throws LotlineError (422) `no-database`, `not-migrated`.
 */
export const visitJobs = async (
  config: LotlineConfig,
  logger: Logger,
): Promise<{ jobs: Jobs; close: () => Promise<void> }> => {
  const database = await visitMigrated(config, logger);
  const { jobs } = openJobs({ config, databaseUrl: database.url, logger });
  return {
    jobs,
    close: async () => {
      await jobs.close();
      await database.close();
    },
  };
};
