import { randomBytes } from 'node:crypto';
import { type EventStoreServer, startEventStoreServer } from './event-store-server.js';

export interface EventStoreForTests {
  connectionString: string;
  /** For a log of its own, on a server that may hold anything else. */
  name: string;
  /** The small server, which fails on demand; undefined where a real one is given. */
  server: EventStoreServer | undefined;
  close(): Promise<void>;
}

/** The server that LOTLINE_TEST_EVENTSTORE_URL names, else a small one, with records of others in it too. */
export const eventStoreForTests = async (): Promise<EventStoreForTests> => {
  const given = process.env.LOTLINE_TEST_EVENTSTORE_URL;
  const server = given === undefined ? await startEventStoreServer() : undefined;
  server?.write('$stats-0.0.0.0:2113', '$statsCollected', 300);
  server?.write('another-application', 'Happened', 3);
  return {
    connectionString: given ?? server?.url ?? '',
    name: `t_${randomBytes(8).toString('hex')}`,
    server,
    close: () => server?.close() ?? Promise.resolve(),
  };
};
