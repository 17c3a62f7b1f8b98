import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { gate, recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const keysOf = (count: number) => Array.from({ length: count }, (_, i) => ({ key: `key-${i}` }));

export const describeConcurrency = (factory: JobsFactory): void => {
  describe('concurrency', () => {
    const under = useJobs(factory);

    /** A handler that counts how many are under way at once; the first `together` of them wait for each other. */
    const crowd = (together: number) => {
      const met = gate();
      let now = 0;
      let most = 0;
      const seen = recordRuns(async () => {
        now += 1;
        most = Math.max(most, now);
        if (now === together) met.open();
        await met.opened;
        await delay(5);
        now -= 1;
      });
      return { seen, most: () => most };
    };

    it('is one at a time unless more are asked for', async () => {
      const { seen, most } = crowd(1);
      await under.jobs.work('q', seen.handler);
      await under.jobs.wake('q', keysOf(20));
      await seen.ended(20);
      expect(most()).toBe(1);
    });

    it('is as many at once as were asked for, and never more', async () => {
      const { seen, most } = crowd(4);
      await under.jobs.work('q', seen.handler, { concurrency: 4 });
      await under.jobs.wake('q', keysOf(60));
      await seen.ended(60);
      expect(most()).toBe(4);
    });

    it('is each process for itself, and each queue', async () => {
      const { seen, most } = crowd(5);
      await under.jobs.work('q', seen.handler, { concurrency: 2 });
      await under.current.open().work('q', seen.handler, { concurrency: 2 });
      await under.jobs.work('other', seen.handler);
      await under.jobs.wake('other', keysOf(1));
      await under.jobs.wake('q', keysOf(40));
      await seen.ended(41);
      expect(most()).toBe(5);
    });

    it('does not let a key that takes long keep others back', async () => {
      const release = gate();
      const seen = recordRuns(({ key }) => (key === 'long' ? release.opened : undefined));
      await under.jobs.work('q', seen.handler, { concurrency: 2 });
      await under.jobs.wake('q', [{ key: 'long' }]);
      await until(() => seen.of('long').length === 1);
      await under.jobs.wake('q', keysOf(20));
      // More of the same key wait for it, and for nothing else.
      for (let i = 0; i < 3; i += 1) await under.jobs.wake('q', [{ key: 'long' }]);
      await seen.ended(20);
      expect(seen.of('long')).toHaveLength(1);
      release.open();
      await seen.ended(2, 'long');
    });
  });
};
