import { describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '#testkit';
import pg from 'pg';
import type { JobsFactory } from './jobs-under-test.js';
import { startOwner } from './owner.js';
import { gate, recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const HOUR_MS = 3_600_000;

/** Over servers that can lose all they hold. */
export const describeForgetting = (factory: JobsFactory): void => {
  describe('a server that forgets everything', () => {
    const under = useJobs(factory);
    const forget = (): Promise<void> => under.current.forget!();

    it('takes wakes as before, for now and for later, and its workers go on', async () => {
      const seen = recordRuns();
      const errors: unknown[] = [];
      const worker = under.current.open({ onError: (error) => errors.push(error) });
      await worker.work('q', seen.handler);
      for (let round = 1; round <= 3; round += 1) {
        // Lost, all of them.
        await under.jobs.wake('q', [{ key: 'later', at: new Date(Date.now() + HOUR_MS) }]);
        await forget();
        expect(await under.jobs.dead()).toEqual([]);
        const at = new Date(Date.now() + 150);
        await under.jobs.wake('q', [{ key: 'now' }, { key: 'later', at }, { key: 'now' }]);
        await Promise.all([seen.ended(round, 'now'), seen.ended(round, 'later')]);
        expect(seen.of('later').at(-1)!.began).toBeGreaterThanOrEqual(at.getTime());
      }
      expect(seen.of('now')).toHaveLength(3);
      expect(seen.of('later')).toHaveLength(3);
      expect(errors).toEqual([]);
    });

    it('does not end what is repeated', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await under.jobs.repeat('q', 'a', 50);
      for (let round = 1; round <= 5; round += 1) {
        await seen.ended(seen.of('a').length + 2, 'a');
        await forget();
      }
      await seen.ended(seen.of('a').length + 2, 'a');
    });

    it('while jobs are under way lets them end, and runs their keys again when they are woken again', async () => {
      const running = gate();
      const release = gate();
      const errors: unknown[] = [];
      const seen = recordRuns(async ({ key, attempt }) => {
        running.open();
        await release.opened;
        if (key === 'fails' && attempt === 1 && seen.of(key).length === 1) throw new Error('not yet');
      });
      const worker = under.current.open({ onError: (error) => errors.push(error) });
      await worker.work('q', seen.handler, { concurrency: 2, backoff: { firstMs: 20, longestMs: 20 } });
      await under.jobs.wake('q', [{ key: 'a' }, { key: 'fails' }]);
      await until(() => seen.runs.length === 2);
      await running.opened;
      await under.jobs.wake('q', [{ key: 'a' }]);
      await forget();
      release.open();
      await Promise.all([seen.ended(1, 'a'), seen.ended(1, 'fails')]);
      for (let n = 0; n < 5; n += 1) {
        const before = seen.of('a').length;
        await under.jobs.wake('q', [{ key: 'a' }, { key: 'fails' }]);
        await until(() => seen.of('a').length > before);
      }
      await until(() => seen.of('fails').length > 1);
      // Told once for each job that was under way, not for ever.
      const told = errors.length;
      expect(told).toBeLessThanOrEqual(4);
      await under.jobs.wake('q', [{ key: 'last' }]);
      await seen.ended(1, 'last');
      expect(errors).toHaveLength(told);
      expect(await under.jobs.dead()).toEqual([]);
    });

    it('again and again costs an owner who sweeps no work', async () => {
      const database = await createTestDatabase();
      const pool = new pg.Pool({ connectionString: database.url, max: 6 });
      // The drop may come before the server has let go of a connection.
      pool.on('connect', (client) => client.on('error', () => undefined));
      const failures: unknown[] = [];
      const owners = [];
      for (let n = 0; n < 2; n += 1)
        owners.push(await startOwner({ pool, jobs: under.current.open(), onFailure: (error) => failures.push(error) }));
      const [owner] = owners;
      const ROUNDS = 12;
      const EACH = 20;
      for (let round = 0; round < ROUNDS; round += 1) {
        const ids = Array.from({ length: EACH }, (_, i) => `${round}-${i}`);
        await owner!.owe(ids.map((id, i) => ({ id, at: new Date(Date.now() + (i % 4) * 60) })));
        await forget();
      }
      await until(async () => (await owner!.open()) === 0);
      const { rows } = await pool.query<{ done: number; early: boolean }>(
        'SELECT done, done_at < at AS early FROM owed',
      );
      expect(rows).toHaveLength(ROUNDS * EACH);
      expect(rows.filter(({ done, early }) => done !== 1 || early)).toEqual([]);
      expect(failures).toEqual([]);
      await Promise.all(owners.map((one) => one.stop()));
      await pool.end();
      await database.drop();
    });
  });
};
