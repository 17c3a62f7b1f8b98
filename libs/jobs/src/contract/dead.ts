import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const QUICKLY = { firstMs: 1, longestMs: 1 };

export const describeDead = (factory: JobsFactory): void => {
  describe('dead jobs', () => {
    const under = useJobs(factory);

    /** Works on a queue and fails each key with a reason that names the attempt, until `mend`. */
    const fail = async (queue: string, attempts: number) => {
      let isMended = false;
      const seen = recordRuns(({ key, attempt }) =>
        isMended ? undefined : Promise.reject(new Error(`${key} failed ${attempt}`)),
      );
      await under.jobs.work(queue, seen.handler, { attempts, backoff: QUICKLY });
      return { seen, mend: () => (isMended = true) };
    };
    const die = async (queue: string, key: string): Promise<void> => {
      await under.jobs.wake(queue, [{ key }]);
      await until(async () => (await under.jobs.dead(queue)).some((job) => job.key === key));
    };

    it('are listed after their attempts, latest first, of all queues or of one, to any process', async () => {
      const began = Date.now();
      await fail('first', 3);
      await fail('second', 1);
      await die('first', 'a');
      await die('second', 'b');
      await die('first', 'c');
      const other = under.current.open();
      const all = await other.dead();
      expect(all.map(({ failedAt: _, ...job }) => job)).toEqual([
        { queue: 'first', key: 'c', attempts: 3, reason: 'c failed 3' },
        { queue: 'second', key: 'b', attempts: 1, reason: 'b failed 1' },
        { queue: 'first', key: 'a', attempts: 3, reason: 'a failed 3' },
      ]);
      const times = all.map(({ failedAt }) => failedAt.getTime());
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(times.at(-1)).toBeGreaterThanOrEqual(began);
      expect((await other.dead('first')).map(({ key }) => key)).toEqual(['c', 'a']);
      expect(await other.dead('third')).toEqual([]);
    });

    it('are run no more, until they are retried: from the first attempt, and listed no longer', async () => {
      const { seen, mend } = await fail('q', 2);
      await die('q', 'a');
      await under.jobs.wake('q', [{ key: 'last' }]);
      await seen.ended(2, 'last');
      expect(seen.of('a').map(({ attempt }) => attempt)).toEqual([1, 2]);
      mend();
      await under.current.open().retry('q', 'a');
      expect((await under.jobs.dead()).map(({ key }) => key)).not.toContain('a');
      await seen.ended(3, 'a');
      expect(seen.of('a').map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
      expect((await under.jobs.dead()).map(({ key }) => key)).not.toContain('a');
    });

    it('are dead again where the retry fails too, however soon', async () => {
      const { seen } = await fail('q', 1);
      await die('q', 'a');
      for (let n = 1; n <= 25; n += 1) {
        await under.jobs.retry('q', 'a');
        await seen.ended(n + 1, 'a');
        await until(async () => (await under.jobs.dead('q')).length === 1);
      }
      expect(seen.runs.every(({ attempt }) => attempt === 1)).toBe(true);
    });

    it('are discarded for good', async () => {
      const { seen } = await fail('q', 1);
      await die('q', 'a');
      await die('q', 'b');
      await under.current.open().discard('q', 'a');
      expect((await under.jobs.dead()).map(({ key }) => key)).toEqual(['b']);
      await die('q', 'last');
      expect(seen.of('a')).toHaveLength(1);
    });

    it.each(['retry', 'discard'] as const)('are needed to %s: anything else is unknown', async (act) => {
      await fail('q', 1);
      await die('q', 'a');
      await under.jobs.wake('q', [{ key: 'waits', at: new Date(Date.now() + 3_600_000) }]);
      const unknown = { code: 'job-unknown', kind: 'not-found' };
      await expect(under.jobs[act]('q', 'b')).rejects.toMatchObject(unknown);
      await expect(under.jobs[act]('q', 'waits')).rejects.toMatchObject(unknown);
      await expect(under.jobs[act]('other', 'a')).rejects.toMatchObject(unknown);
      await under.jobs[act]('q', 'a');
      await until(async () => (await under.jobs.dead()).length === (act === 'retry' ? 1 : 0));
      await under.jobs.discard('q', 'a').catch(() => undefined);
      await expect(under.jobs[act]('q', 'a')).rejects.toMatchObject(unknown);
    });

    it('become new jobs by a wake', async () => {
      const { seen, mend } = await fail('q', 2);
      await die('q', 'a');
      mend();
      await under.jobs.wake('q', [{ key: 'a' }]);
      await seen.ended(3, 'a');
      expect(seen.of('a').map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
      await until(async () => (await under.jobs.dead()).length === 0);
    });

    it('leave nothing behind when they were decided on', async () => {
      await fail('q', 1);
      await die('q', 'first');
      const before = await under.current.kept();
      for (let i = 0; i < 30; i += 1) {
        await die('q', `key-${i}`);
        await under.jobs.discard('q', `key-${i}`);
      }
      await until(async () => (await under.current.kept()) < before + 20);
      expect((await under.jobs.dead()).map(({ key }) => key)).toEqual(['first']);
    });
  });
};
