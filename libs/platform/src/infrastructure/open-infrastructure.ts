import pg from 'pg';
import type { Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { createLogTailBus } from '#event-bus';
import { createPostgresEventLog } from '#event-log';
import { systemClock, type Clock } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';
import { observedLog } from '../metrics/observed-log.js';
import type { Infrastructure } from './infrastructure.js';
import { keyOf } from './key-of.js';

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

  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: config.databasePool,
    application_name: `lotline-${name}`,
  });
  // A connection that is lost while somebody holds it and asks nothing reports it here alone, and without a listener ends
  // the process; who holds it learns it from the next query. A listener of the client's, since the pool's own is off then.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let isClosing = false;
  // A lost idle connection is replaced when the next one is needed.
  pool.on('error', (err) => {
    if (!isClosing) logger.warn({ err }, 'an idle database connection was lost');
  });

  const postgresLog = createPostgresEventLog({
    pool,
    ...(options.clock && { clock: options.clock }),
    onError: (err) => logger.warn({ err }, 'the event log lost a connection and makes a new one'),
  });
  const log = observedLog(postgresLog, metrics);
  const bus = createLogTailBus({ log, keyOf });
  return {
    infrastructure: { config, pool, log, bus, clock, logger, metrics },
    close: async () => {
      isClosing = true;
      await bus.close();
      await log.close();
      await pool.end();
    },
  };
};
