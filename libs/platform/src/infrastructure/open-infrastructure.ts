import type { Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { systemClock, type Clock } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';
import { observedLog } from '../metrics/observed-log.js';
import type { Infrastructure } from './infrastructure.js';
import { openDistribution } from './open-distribution.js';
import { openJobs } from './open-jobs.js';
import { openLog } from './open-log.js';
import { openPool } from './open-pool.js';

export interface OpenOptions {
  config: LotlineConfig;
  databaseUrl: string;
  logger: Logger;
  name: string;
  clock?: Clock;
}

/** Opens what the profile is wired with. Nothing is connected before it is used, so migrations can run in between. */
export const openInfrastructure = (
  options: OpenOptions,
): { infrastructure: Infrastructure; close: () => Promise<void> } => {
  const { config, databaseUrl, logger, name, clock = systemClock } = options;
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const { pool, close: closePool } = openPool(config, databaseUrl, logger, name);
  const log = observedLog(openLog({ config, databaseUrl, logger, name, clock: options.clock }), metrics);
  const distribution = openDistribution({ config, log, logger, name });
  const { jobs, probes } = openJobs({ config, databaseUrl, logger });
  return {
    infrastructure: {
      config,
      pool,
      log,
      jobs,
      clock,
      logger,
      metrics,
      ...distribution,
      probes: { ...distribution.probes, ...probes },
    },
    close: async () => {
      await jobs.close();
      await distribution.close();
      await log.close();
      await closePool();
    },
  };
};
