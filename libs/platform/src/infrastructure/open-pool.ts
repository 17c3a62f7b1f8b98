import pg from 'pg';
import type { Logger } from 'pino';
import type { LotlineConfig } from '../config/lotline-config.js';

/** @param close told to be quiet first: a pool that ends loses its idle connections. */
export const openPool = (
  { databasePool }: Pick<LotlineConfig, 'databasePool'>,
  databaseUrl: string,
  logger: Logger,
  name: string,
): { pool: pg.Pool; close: () => Promise<void> } => {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: databasePool,
    application_name: `lotline-${name}`,
    // A server that vanished without a word is noticed: without it whoever waits for an answer would wait for hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A connection that is lost while somebody holds it and asks nothing reports it here alone, and without a listener ends
  // the process; who holds it learns it from the next query. A listener of the client's, since the pool's own is off then.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let isClosing = false;
  // A lost idle connection is replaced when the next one is needed.
  pool.on('error', (err) => {
    if (!isClosing) logger.warn({ err }, 'an idle database connection was lost');
  });
  return {
    pool,
    close: () => {
      isClosing = true;
      return pool.end();
    },
  };
};
