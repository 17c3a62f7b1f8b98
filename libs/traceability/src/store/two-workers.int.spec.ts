import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { createTestDatabase, type TestDatabase } from '#testkit';
import type { PoolClient } from 'pg';
import { createModel, type Model } from './specs/model.js';
import { recorded, type Unrecorded } from './specs/recorded.js';
import { steppingClient } from './specs/stepping-client.js';
import { object, pack, ship, transform, voiding } from './specs/short-events.js';

/** Two batches that meet in a unit, a transformation or a correction; `before` is there already. */
const MEETINGS: Record<string, [first: Unrecorded[], second: Unrecorded[], before?: Unrecorded[]]> = {
  'a unit packed here and shipped there': [[pack(2, 'U', 'A', 5)], [ship(3, 'U')], [object(1, 'A', 5)]],
  'two halves of one transformation': [[transform(1, { A: 10 }, {}, 'run-1')], [transform(2, {}, { B: 30 }, 'run-1')]],
  'a fact and its declaration': [[object(1, 'A', 10)], [voiding(object(1, 'A', 10))]],
};

/** Whether the backend waits for a lock. */
const isWaiting = async (database: TestDatabase, pid: number): Promise<boolean> => {
  const { rows } = await database.pool.query<{ waits: boolean }>(
    `SELECT wait_event_type = 'Lock' AS waits FROM pg_stat_activity WHERE pid = $1`,
    [pid],
  );
  return rows[0]?.waits === true;
};

describe('two workers with facts of one lot', () => {
  let database: TestDatabase;
  let model: Model;
  beforeAll(async () => {
    database = await createTestDatabase();
    model = await createModel(database, 'm');
  });
  afterAll(() => database.drop());

  /** One batch as the engine does it: a deadlock's victim is done again. */
  const work = async (client: PoolClient, events: readonly RecordedEvent[]): Promise<void> => {
    for (;;) {
      try {
        await client.query(`BEGIN; SET LOCAL deadlock_timeout = '20ms'`);
        await model.store.apply(client, events);
        await client.query('COMMIT');
        return;
      } catch (error) {
        await client.query('ROLLBACK');
        if ((error as { code?: string }).code !== '40P01') throw error;
      }
    }
  };

  const pidOf = async (client: PoolClient): Promise<number> =>
    (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;

  /**
   * The first worker stops before its n-th statement; the second does all it can, to the end or until it waits for the
   * first; then the first goes on.
   * @returns false where the first has fewer statements.
   */
  const meet = async (first: RecordedEvent[], second: RecordedEvent[], n: number): Promise<boolean> => {
    const [a, b] = [await database.pool.connect(), await database.pool.connect()];
    try {
      const stepping = steppingClient(a, n);
      const one = work(stepping.client, first);
      const stopped = await Promise.race([stepping.stopped.then(() => true), one.then(() => false)]);
      const pid = await pidOf(b);
      const progress = { done: false };
      const two = work(b, second).then(() => {
        progress.done = true;
      });
      if (stopped) while (!progress.done && !(await isWaiting(database, pid))) continue;
      stepping.goOn();
      await Promise.all([one, two]);
      return stopped;
    } finally {
      a.release();
      b.release();
    }
  };

  for (const [what, [first, second, before = []]] of Object.entries(MEETINGS))
    it(`lose nothing of ${what}, wherever one of them stops`, async () => {
      const log = recorded([...before, ...first, ...second]);
      await model.empty();
      await model.apply(log);
      const expected = await model.exported();
      const a = log.slice(before.length, before.length + first.length);
      const b = log.slice(before.length + first.length);
      for (let n = 1, stopped = true; stopped; n++) {
        await model.empty();
        if (before.length > 0) await model.apply(log.slice(0, before.length));
        stopped = await meet(a, b, n);
        expect({ n, rows: await model.exported() }).toEqual({ n, rows: expected });
      }
    });
});
