import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { gate, recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

export const describeWaking = (factory: JobsFactory): void => {
  describe('waking', () => {
    const under = useJobs(factory);

    it('runs a key once, however often and by whomever it is woken while it waits', async () => {
      const other = under.current.open();
      for (let i = 0; i < 5; i += 1)
        await Promise.all([
          under.jobs.wake('q', [{ key: 'a' }, { key: 'b' }, { key: 'a' }]),
          other.wake('q', [{ key: 'b' }, { key: 'a' }]),
        ]);
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await seen.ended(2);
      // In line behind whatever else there could be.
      await other.wake('q', [{ key: 'last' }]);
      await seen.ended(1, 'last');
      // Two callers at once: either key may be the first.
      expect(seen.runs.map(({ queue, key, attempt }) => [queue, key, attempt]).sort()).toEqual([
        ['q', 'a', 1],
        ['q', 'b', 1],
        ['q', 'last', 1],
      ]);
    });

    it('runs a key once more that is woken while it is run, after that and not beside it', async () => {
      const [running, release] = [gate(), gate()];
      const seen = recordRuns(async () => {
        running.open();
        await release.opened;
      });
      await under.jobs.work('q', seen.handler, { concurrency: 4 });
      await under.current.open().work('q', seen.handler, { concurrency: 4 });
      await under.jobs.wake('q', [{ key: 'a' }]);
      await running.opened;
      for (let i = 0; i < 3; i += 1) await under.jobs.wake('q', [{ key: 'a' }]);
      release.open();
      await seen.ended(2, 'a');
      await under.jobs.wake('q', [{ key: 'last' }]);
      await seen.ended(1, 'last');
      expect(seen.of('a')).toHaveLength(2);
      expect(seen.of('a')[1]!.began).toBeGreaterThanOrEqual(seen.of('a')[0]!.ended!);
    });

    it('lets a run see whatever was there when its key was woken, however wakes and runs meet', async () => {
      const KEYS = 20;
      const wanted = Array.from({ length: KEYS }, () => 0);
      const found = [...wanted];
      const seen = recordRuns(async ({ key }) => {
        const value = wanted[Number(key)]!;
        await new Promise(setImmediate);
        found[Number(key)] = value;
      });
      const instances = [under.jobs, under.current.open(), under.current.open()];
      for (const jobs of instances) await jobs.work('q', seen.handler, { concurrency: 3 });
      await Promise.all(
        instances.map(async (jobs, n) => {
          for (let i = 0; i < 60; i += 1) {
            const key = (i * 7 + n * 3) % KEYS;
            wanted[key]! += 1;
            await jobs.wake('q', [{ key: String(key) }]);
          }
        }),
      );
      await under.jobs.wake('q', [{ key: '0' }]);
      await until(() => found.every((value, key) => value === wanted[key]));
      expect(found).toEqual(wanted);
    });

    it('tells any two keys and queues apart', async () => {
      const keys = [
        'a',
        'A',
        'a:1',
        'a 1',
        'urn:epc:id:sgtin:1.2.3',
        'https://id.gs1.org/01/1/10/ä\n"€\u{1F600}',
        'x'.repeat(400),
        '1',
        '0',
      ];
      const [first, second] = [recordRuns(), recordRuns()];
      await under.jobs.work('first', first.handler);
      await under.jobs.work('second', second.handler);
      await under.jobs.wake(
        'first',
        keys.map((key) => ({ key })),
      );
      await under.jobs.wake('second', [{ key: 'a' }]);
      await Promise.all([first.ended(keys.length), second.ended(1)]);
      expect(first.runs.map(({ key }) => key).sort()).toEqual([...keys].sort());
      expect(second.runs.map(({ key }) => key)).toEqual(['a']);
    });

    it('tells a worker that waits at once', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await under.jobs.wake('q', [{ key: 'first' }]);
      await seen.ended(1);
      const waits = [];
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        const woken = Date.now();
        await under.jobs.wake('q', [{ key }]);
        await seen.ended(1, key);
        waits.push(seen.of(key)[0]!.began - woken);
      }
      // The shortest: the machine may be busy, a queue that polled would never be quick.
      expect(Math.min(...waits)).toBeLessThan(200);
    });

    it('takes thousands of keys in one call', async () => {
      const keys = Array.from({ length: 3_000 }, (_, i) => `key-${i}`);
      await under.jobs.wake(
        'q',
        keys.map((key) => ({ key })),
      );
      const seen = recordRuns();
      for (const jobs of [under.jobs, under.current.open()]) await jobs.work('q', seen.handler, { concurrency: 20 });
      await seen.ended(keys.length);
      expect(seen.runs.map(({ key }) => key).sort()).toEqual([...keys].sort());
    });
  });
};
