import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEventStoreLog, type EventLog, raiseEventStoreEpoch } from '#event-log';
import { createTestDatabase, type EventStoreServer, startEventStoreServer, type TestDatabase } from '#testkit';
import { appendEvents } from './append-events.fixture.js';
import { relayMigrations } from './lease/migrations.js';
import { createRecordingPublisher } from './recording-publisher.fixture.js';
import { type Relay, startRelay } from './relay.js';
import { until } from './until.fixture.js';

describe('the relay of a log that is restored without its checkpoint', () => {
  let database: TestDatabase;
  let server: EventStoreServer;
  let log: EventLog;
  const relays: Relay[] = [];
  beforeEach(async () => {
    database = await createTestDatabase({ migrations: relayMigrations });
    server = await startEventStoreServer();
    log = createEventStoreLog({ connectionString: server.url });
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await log.close();
    await server.close();
    await database.drop();
  });

  it('publishes all that was appended since, though the log has grown beyond what was published', async () => {
    const publisher = createRecordingPublisher();
    const failures: unknown[] = [];
    const start = (): Relay => {
      const relay = startRelay({
        pool: database.pool,
        log,
        publisher,
        holder: 'relay',
        leaseMs: 60_000,
        lookEveryMs: 20,
        watermark: { firstMs: 20, longestMs: 80 },
        batchSize: 100,
        delays: { firstMs: 20, longestMs: 100 },
        observer: {
          role: () => undefined,
          published: () => undefined,
          failed: (error) => failures.push(error),
          deposed: () => undefined,
        },
      });
      relays.push(relay);
      return relay;
    };
    await log.identity();
    const kept = await appendEvents(log, 8);
    const backup = [...server.records];
    const lost = await appendEvents(log, 4);
    const first = start();
    await until('all is published', () => publisher.positions().length === 12);
    await first.stop();

    server.restore(backup);
    const { epoch } = await raiseEventStoreEpoch({ connectionString: server.url });
    const since = await appendEvents(log, 20);
    expect(since.at(-1)! > lost.at(-1)!).toBe(true);
    start();
    await until('it has reached the end', () => publisher.positions().at(-1) === since.at(-1));
    const inEpoch = publisher.publications.filter((one) => one.log.epoch === epoch);
    expect(inEpoch.flatMap(({ events }) => events.map(({ position }) => position))).toEqual(since);
    expect(inEpoch[0]!.after).toBe(kept.at(-1));
    expect(failures).toEqual([]);
  });
});
