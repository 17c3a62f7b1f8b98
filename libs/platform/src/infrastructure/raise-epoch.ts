import pg from 'pg';
import { raiseEpoch, raiseEventStoreEpoch, type LogIdentity } from '#event-log';
import type { LotlineConfig } from '../config/lotline-config.js';

const inPostgres = async (_config: LotlineConfig, databaseUrl: string): Promise<LogIdentity> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    return await raiseEpoch(client);
  } finally {
    await client.end();
  }
};

const inEventStore = ({ eventstoreUrl = '' }: LotlineConfig): Promise<LogIdentity> =>
  raiseEventStoreEpoch({ connectionString: eventstoreUrl });

const RAISERS: Readonly<
  Record<LotlineConfig['log'], (config: LotlineConfig, databaseUrl: string) => Promise<LogIdentity>>
> = { postgres: inPostgres, eventstoredb: inEventStore };

/** Begins a new epoch of the log that LOTLINE_LOG names. */
export const raiseEpochOf = (config: LotlineConfig, databaseUrl: string): Promise<LogIdentity> =>
  RAISERS[config.log](config, databaseUrl);
