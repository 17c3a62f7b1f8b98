import pg from 'pg';

/** A server that vanished without a word is noticed after some ten seconds, not after the two hours of the system. */
export const KEPT_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

/** Where the log's own connections go. */
export type Connect = () => Promise<pg.Client>;

const opened = async (
  config: pg.ClientConfig & { pipeline?: boolean | undefined },
  session: string,
): Promise<pg.Client> => {
  const client = new pg.Client({ ...config, ...KEPT_ALIVE });
  // Losing an idle connection is reported here only; whoever uses it next learns it from the rejected query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(session);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
};

/**
 * The writer's connection. A writer that freezes while it holds the log's lock is thrown out by the server, so that the
 * others go on; sequential scans are off, because a plan prepared while the tables were small outlives their growth.
 */
export const writerConnection =
  (config: pg.ClientConfig): Connect =>
  () =>
    opened(
      { ...config, pipeline: true, application_name: 'lotline-log-writer' },
      'SET idle_in_transaction_session_timeout = 10000; SET enable_seqscan = off',
    );

/** A connection that listens on a channel. */
export const listenerConnection =
  (config: pg.ClientConfig, channel: string): Connect =>
  () =>
    opened({ ...config, application_name: 'lotline-log-listener' }, `LISTEN ${channel}`);
