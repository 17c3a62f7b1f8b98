import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { recordRuns, type Run } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const HOUR_MS = 3_600_000;
/** Two clocks that both count whole milliseconds. */
const ROUNDING_MS = 2;

const pauses = (runs: readonly Run[]): number[] => runs.slice(1).map(({ began }, i) => began - runs[i]!.ended!);

export const describeBackoff = (factory: JobsFactory): void => {
  describe('backoff', () => {
    const under = useJobs(factory);

    it('tries again after a pause that doubles up to the longest, and counts the attempts', async () => {
      const seen = recordRuns(({ attempt }) => (attempt < 7 ? Promise.reject(new Error('not yet')) : undefined));
      await under.jobs.work('q', seen.handler, { backoff: { firstMs: 60, longestMs: 250 } });
      await under.jobs.wake('q', [{ key: 'a' }]);
      await seen.ended(7, 'a');
      expect(seen.runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      const least = [60, 120, 240, 250, 250, 250];
      pauses(seen.runs).forEach((pause, i) => expect(pause).toBeGreaterThanOrEqual(least[i]! - ROUNDING_MS));
      expect(await under.jobs.dead()).toEqual([]);
    });

    it('pauses no longer than the longest, however often it failed', async () => {
      // Doubled without end the twentieth pause alone would take an hour and a half.
      const seen = recordRuns(({ attempt }) => (attempt < 21 ? Promise.reject(new Error('not yet')) : undefined));
      await under.jobs.work('q', seen.handler, { attempts: 30, backoff: { firstMs: 10, longestMs: 20 } });
      await under.jobs.wake('q', [{ key: 'a' }]);
      await seen.ended(21, 'a');
      expect(seen.runs.at(-1)!.attempt).toBe(21);
    });

    it('lets other keys run meanwhile, and ends with a wake', async () => {
      let isMended = false;
      const seen = recordRuns(({ key }) =>
        key === 'a' && !isMended ? Promise.reject(new Error('not yet')) : undefined,
      );
      await under.jobs.work('q', seen.handler, { backoff: { firstMs: HOUR_MS, longestMs: HOUR_MS } });
      await under.jobs.wake('q', [{ key: 'a' }]);
      await seen.ended(1, 'a');
      await under.jobs.wake('q', [{ key: 'b' }]);
      await seen.ended(1, 'b');
      expect(seen.of('a')).toHaveLength(1);
      isMended = true;
      await under.current.open().wake('q', [{ key: 'a' }]);
      await seen.ended(2, 'a');
      expect(seen.of('a').map(({ attempt }) => attempt)).toEqual([1, 2]);
    });

    it('begins anew after a success', async () => {
      const seen = recordRuns(({ attempt }) => (attempt < 3 ? Promise.reject(new Error('not yet')) : undefined));
      await under.jobs.work('q', seen.handler, { attempts: 3, backoff: { firstMs: 1, longestMs: 1 } });
      for (let n = 1; n <= 3; n += 1) {
        await under.jobs.wake('q', [{ key: 'a' }]);
        await seen.ended(3 * n, 'a');
      }
      expect(seen.runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
      expect(await under.jobs.dead()).toEqual([]);
    });

    it('takes whatever is thrown for a failure', async () => {
      const thrown: unknown[] = [undefined, 'text', null, { code: 1 }];
      const seen = recordRuns(({ attempt }) => {
        if (attempt <= thrown.length) throw thrown[attempt - 1];
      });
      await under.jobs.work('q', seen.handler, { backoff: { firstMs: 1, longestMs: 1 } });
      await under.jobs.wake('q', [{ key: 'a' }]);
      await until(() => seen.runs.length > thrown.length);
      expect(seen.runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    });
  });
};
