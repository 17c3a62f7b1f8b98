import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { everythingIsThereOnce } from './support/everything-once.js';
import { nothingDone, work } from './support/plant-load.js';
import { startStandalone, until, type Standalone } from './support/start-standalone.js';

const CALLERS = 4;
const ROUNDS = 4;
const LOSSES = 8;

/** As a restart or a failover of PostgreSQL: every connection of the product ends, whatever it is doing. */
const loseEveryConnection = async (database: TestDatabase): Promise<number> => {
  const { rows } = await database.pool.query<{ lost: number }>(
    `SELECT count(pg_terminate_backend(pid))::int AS lost FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'lotline%'`,
  );
  return rows[0]?.lost ?? 0;
};

describe('a database that drops every connection', () => {
  let database: TestDatabase;
  let lotline: Standalone;
  beforeAll(async () => {
    database = await createTestDatabase();
    lotline = await startStandalone({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await lotline.stop();
    await database.drop();
  });

  it('is come back to: callers are told "not now" at worst, and nothing is lost or done twice', async () => {
    const done = nothingDone();
    const working = Promise.all(
      Array.from({ length: CALLERS }, (_, i) => work([lotline.api], `caller${i}`, ROUNDS, done)),
    );
    let isWorking = true;
    void working.finally(() => (isWorking = false));
    let lost = 0;
    // Spread over the work by what was answered meanwhile, not by time.
    for (let loss = 1; loss <= LOSSES; loss++) {
      await until(`answer ${loss * 15}`, () => Promise.resolve(done.answers >= loss * 15 || !isWorking));
      lost += await loseEveryConnection(database);
    }
    await working;
    expect(done.findings).toEqual([]);
    expect(lost).toBeGreaterThan(LOSSES * 5);
    for (const all of [done.received, done.issues, done.transformed, done.dispatched])
      expect(all.length).toBe(CALLERS * ROUNDS);
    await everythingIsThereOnce(lotline, done);
    await until('readiness', async () => (await lotline.api('GET', '/health/ready')).status === 200);
  });
});
