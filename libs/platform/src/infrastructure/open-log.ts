import type { Logger } from 'pino';
import { createEventStoreLog, createPostgresEventLog, type EventLog } from '#event-log';
import type { Clock } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';
import { openPool } from './open-pool.js';

export interface LogOptions {
  config: LotlineConfig;
  databaseUrl: string;
  logger: Logger;
  name: string;
  clock?: Clock | undefined;
}

/** The log reads with connections of its own: a batch that holds one reads the log, and must not wait for its own kind. */
const READERS = 5;

const openPostgresLog = ({ databaseUrl, logger, name, clock }: LogOptions): EventLog => {
  const { pool, close } = openPool({ databasePool: READERS }, databaseUrl, logger, `${name}-log`);
  const log = createPostgresEventLog({
    pool,
    ...(clock && { clock }),
    onError: (err) => logger.warn({ err }, 'the event log lost a connection and makes a new one'),
  });
  return {
    ...log,
    close: async () => {
      await log.close();
      await close();
    },
  };
};

const openEventStoreLog = ({ config: { eventstoreUrl = '' }, logger, clock }: LogOptions): EventLog =>
  createEventStoreLog({
    connectionString: eventstoreUrl,
    ...(clock && { clock }),
    onError: (err) => logger.warn({ err }, 'the event log lost a connection and makes a new one'),
  });

const OPENERS: Readonly<Record<LotlineConfig['log'], (options: LogOptions) => EventLog>> = {
  postgres: openPostgresLog,
  eventstoredb: openEventStoreLog,
};

/** The event log that LOTLINE_LOG names. Nothing is connected before it is used. */
export const openLog = (options: LogOptions): EventLog => OPENERS[options.config.log](options);
