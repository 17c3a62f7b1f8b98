import { setTimeout as pause } from 'node:timers/promises';
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

    it('wakes a key every so often, however many processes ask for it at once', async () => {
      const EVERY_MS = 200;
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      const asked = Date.now();
      const instances = [under.jobs, under.current.open(), under.current.open()];
      await Promise.all(instances.flatMap((jobs) => [1, 2].map(() => jobs.repeat('q', 'a', EVERY_MS))));
      await seen.ended(8, 'a');
      // One where the first asked just before; if each repeated on its own there would be six times as many.
      const intervals = (Date.now() - asked) / EVERY_MS;
      expect(seen.of('a').length).toBeLessThanOrEqual(intervals + 1);
      expect(seen.of('a').every(({ attempt }) => attempt === 1)).toBe(true);
    });

    it('goes on while one that asked is there, and ends with the last', async () => {
      const seen = recordRuns();
      const [first, second, worker] = [under.jobs, under.current.open(), under.current.open()];
      await worker.work('q', seen.handler);
      await worker.repeat('q', 'tick', 50);
      const [one, other] = [await first.repeat('q', 'a', 50), await second.repeat('q', 'a', 50)];
      await seen.ended(3, 'a');
      await one.stop();
      await one.stop();
      await seen.ended(seen.of('a').length + 3, 'a');
      await other.stop();
      // What was asked for already.
      await ticks(seen, 3);
      const before = seen.of('a').length;
      await ticks(seen, 10);
      expect(seen.of('a')).toHaveLength(before);
      await second.repeat('q', 'a', 50);
      await seen.ended(before + 3, 'a');
      await second.close();
      await ticks(seen, 3);
      const closed = seen.of('a').length;
      await ticks(seen, 10);
      expect(seen.of('a')).toHaveLength(closed);
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
      for (const key of keys) await under.jobs.wake('q', [{ key, at: new Date(Date.now() + HOUR_MS) }]);
      for (const key of keys) await under.jobs.repeat('q', key, 50);
      await Promise.all(keys.map((key) => seen.ended(3, key)));
      expect(new Set(seen.runs.map(({ key }) => key))).toEqual(new Set(keys));
    });

    it('does not pile up where nobody works on the queue', async () => {
      await under.jobs.repeat('q', 'a', 20);
      const before = await under.current.kept();
      await pause(400);
      expect(await under.current.kept()).toBeLessThan(before + 5);
      const seen = recordRuns();
      await under.current.open().work('q', seen.handler);
      await seen.ended(3, 'a');
    });

    it('comes through a server that is away', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      await under.jobs.repeat('q', 'a', 50);
      await seen.ended(2, 'a');
      under.current.disconnect();
      await until(() =>
        under.jobs.wake('q', [{ key: 'away' }]).then(
          () => false,
          () => true,
        ),
      );
      under.current.reconnect();
      await seen.ended(seen.of('a').length + 3, 'a');
    });

    it('keeps no record of the times that are over', async () => {
      const seen = recordRuns();
      await under.jobs.work('q', seen.handler);
      const repeating = await under.jobs.repeat('q', 'a', 5);
      await seen.ended(10, 'a');
      const before = await under.current.kept();
      await seen.ended(50, 'a');
      await until(async () => (await under.current.kept()) < before + 20);
      await repeating.stop();
      expect(await under.current.kept()).toBeLessThan(before + 20);
    });
  });
};
