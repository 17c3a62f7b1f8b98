import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { recordRuns, type Recorder } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const HOUR_MS = 3_600_000;

export const describeRepeating = (factory: JobsFactory): void => {
  describe('repeating', () => {
    const under = useJobs(factory);

    /** Resolves when another key that repeats every 50 ms, since before, has been run so often more. */
    const ticks = (seen: Recorder, count: number): Promise<void> => seen.ended(seen.of('tick').length + count, 'tick');

    it('wakes a key every so often, however many processes ask for it', async () => {
      const EVERY_MS = 200;
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      const asked = Date.now();
      const instances = [under.jobs, under.current.open(), under.current.open()];
      for (const jobs of instances) await jobs.repeat('q', 'a', EVERY_MS);
      await Promise.all(instances.map((jobs) => jobs.repeat('q', 'a', EVERY_MS)));
      await seen.ended(8, 'a');
      // One begins at once, and each who asks may make one more early; if each repeated on its own there would be six times as many.
      const intervals = (Date.now() - asked) / EVERY_MS;
      expect(seen.of('a').length).toBeLessThanOrEqual(intervals + 1 + 2 * instances.length);
      expect(seen.of('a').every(({ attempt }) => attempt === 1)).toBe(true);
    });

    it('goes by the last interval that was asked for, shorter or longer', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      const other = under.current.open();
      await under.jobs.repeat('q', 'tick', 50);
      await under.jobs.repeat('q', 'a', HOUR_MS);
      await other.repeat('q', 'a', 50);
      await seen.ended(5, 'a');
      await under.jobs.repeat('q', 'a', HOUR_MS);
      await ticks(seen, 3);
      const before = seen.of('a').length;
      await ticks(seen, 10);
      expect(seen.of('a')).toHaveLength(before);
    });

    it('ends when somebody says so, for this key alone; once more is not an error, and it can begin again', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await under.jobs.repeat('q', 'tick', 50);
      await under.jobs.repeat('q', 'a', 50);
      await seen.ended(3, 'a');
      const other = under.current.open();
      await other.stopRepeating('q', 'a');
      await other.stopRepeating('q', 'a');
      await other.stopRepeating('q', 'never asked for');
      await ticks(seen, 3);
      const before = seen.of('a').length;
      await ticks(seen, 10);
      expect(seen.of('a')).toHaveLength(before);
      await under.jobs.repeat('q', 'a', 50);
      await seen.ended(before + 3, 'a');
    });

    it('is for any key, apart from wakes of it', async () => {
      const keys = [
        'a',
        'a:1',
        'urn:epc:id:sgtin:1.2.3',
        'x:1:2:3:4',
        'one:two::four:every day',
        'x'.repeat(400),
        '€ "\n',
      ];
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      for (const key of keys) await under.jobs.repeat('q', key, 50);
      await Promise.all(keys.map((key) => seen.ended(3, key)));
      await under.jobs.wake('q', [{ key: 'a', at: new Date(Date.now() + HOUR_MS) }]);
      for (const key of keys) await under.jobs.stopRepeating('q', key);
      expect(new Set(seen.runs.map(({ key }) => key))).toEqual(new Set(keys));
    });

    it('keeps no record of the times that are over', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await under.jobs.repeat('q', 'a', 5);
      await seen.ended(10, 'a');
      const before = await under.current.kept();
      await seen.ended(50, 'a');
      await until(async () => (await under.current.kept()) < before + 20);
      await under.jobs.stopRepeating('q', 'a');
      expect(await under.current.kept()).toBeLessThan(before + 20);
    });
  });
};
