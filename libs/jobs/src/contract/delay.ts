import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { gate, recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const HOUR_MS = 3_600_000;
const inMs = (ms: number): Date => new Date(Date.now() + ms);

export const describeDelay = (factory: JobsFactory): void => {
  describe('delay', () => {
    const under = useJobs(factory);

    it('runs a key not before its time, each at its own', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler, { concurrency: 3 });
      const wakes = [
        { key: 'later', at: inMs(900) },
        { key: 'sooner', at: inMs(300) },
        { key: 'past', at: new Date(0) },
        { key: 'now' },
      ];
      await under.jobs.wake('q', wakes);
      await seen.ended(wakes.length);
      for (const { key, at } of wakes) {
        expect(seen.of(key)).toHaveLength(1);
        if (at) expect(seen.of(key)[0]!.began).toBeGreaterThanOrEqual(at.getTime());
      }
      expect(seen.of('sooner')[0]!.began).toBeLessThan(seen.of('later')[0]!.began);
    });

    it('runs a key once, at the earliest of the times it waits for, whoever says it in whatever order', async () => {
      const other = under.current.open();
      const earliest = inMs(700);
      const [late, later] = [new Date(earliest.getTime() + 150), new Date(earliest.getTime() + 300)];
      await under.jobs.wake('q', [{ key: 'a', at: later }]);
      await other.wake('q', [{ key: 'a', at: earliest }]);
      await under.jobs.wake('q', [{ key: 'a', at: late }]);
      await other.wake('q', [
        { key: 'b', at: later },
        { key: 'b', at: earliest },
        { key: 'b', at: late },
      ]);
      await Promise.all(
        [under.jobs, other].flatMap((jobs) => [late, earliest, later].map((at) => jobs.wake('q', [{ key: 'c', at }]))),
      );
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await seen.ended(3);
      // In line behind the other times of the three.
      await under.jobs.wake('q', [{ key: 'last', at: new Date(later.getTime() + 100) }]);
      await seen.ended(1, 'last');
      for (const key of ['a', 'b', 'c']) {
        expect(seen.of(key)).toHaveLength(1);
        expect(seen.of(key)[0]!.began).toBeGreaterThanOrEqual(earliest.getTime());
      }
    });

    it('is not lengthened by a wake for later, and ends with a wake for now', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await under.jobs.wake('q', [{ key: 'a', at: inMs(200) }]);
      await under.jobs.wake('q', [{ key: 'a', at: inMs(HOUR_MS) }]);
      await under.jobs.wake('q', [{ key: 'b', at: inMs(HOUR_MS) }]);
      await under.jobs.wake('q', [{ key: 'b' }]);
      await Promise.all([seen.ended(1, 'a'), seen.ended(1, 'b')]);
      expect(seen.runs).toHaveLength(2);
    });

    it('begins again with every run: what is said during one, or after it, is another', async () => {
      const [running, release] = [gate(), gate()];
      const seen = recordRuns(async () => {
        running.open();
        await release.opened;
      });
      await under.jobs.work('q', seen.handler);
      await under.jobs.wake('q', [{ key: 'a' }]);
      await running.opened;
      const second = inMs(400);
      await under.jobs.wake('q', [{ key: 'a', at: second }]);
      release.open();
      await seen.ended(2, 'a');
      const third = inMs(200);
      await under.jobs.wake('q', [{ key: 'a', at: third }]);
      await seen.ended(3, 'a');
      expect(seen.of('a')[1]!.began).toBeGreaterThanOrEqual(second.getTime());
      expect(seen.of('a')[2]!.began).toBeGreaterThanOrEqual(third.getTime());
      expect(seen.of('a').map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    });

    it('is kept by the server: who asked for it may be gone', async () => {
      const at = inMs(300);
      const other = under.current.open();
      await other.wake('q', [{ key: 'a', at }]);
      await other.close();
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await seen.ended(1, 'a');
      expect(seen.runs[0]!.began).toBeGreaterThanOrEqual(at.getTime());
    });

    it('leaves nothing behind when all is done', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler, { concurrency: 10 });
      const before = await under.current.kept();
      for (let round = 0; round < 5; round += 1)
        await under.jobs.wake(
          'q',
          Array.from({ length: 40 }, (_, i) => ({ key: `key-${i}`, at: inMs(300 - round * 50 + i) })),
        );
      await seen.ended(40);
      await until(async () => (await under.current.kept()) < before + 20);
      expect(new Set(seen.runs.map(({ key }) => key)).size).toBe(40);
    });
  });
};
