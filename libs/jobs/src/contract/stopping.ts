import { describe, expect, it } from '@jest/globals';
import type { JobsFactory } from './jobs-under-test.js';
import { gate, recordRuns } from './record-runs.js';
import { useJobs } from './use-jobs.js';

export const describeStopping = (factory: JobsFactory): void => {
  describe('stopping', () => {
    const under = useJobs(factory);

    /** A worker with a job under way that waits for `release`. */
    const busy = async () => {
      const [running, release] = [gate(), gate()];
      const seen = recordRuns(async () => {
        running.open();
        await release.opened;
      });
      const worker = await under.jobs.work('q', seen.handler);
      await under.jobs.wake('q', [{ key: 'a' }]);
      await running.opened;
      return { worker, release, seen };
    };

    it.each(['the worker', 'all'])('%s waits for what is under way, and takes no more', async (what) => {
      const { worker, release, seen } = await busy();
      const other = under.current.open();
      await other.wake('q', [{ key: 'b' }]);
      let isStopped = false;
      const stop = (): Promise<void> => (what === 'all' ? under.jobs.close() : worker.stop());
      const stopping = Promise.all([stop(), stop()]).then(() => (isStopped = true));
      // A round trip or two of others: nothing that is over at once is waited for.
      await other.wake('q', [{ key: 'c' }]);
      expect(await other.dead()).toEqual([]);
      expect(isStopped).toBe(false);
      release.open();
      await stopping;
      await stop();
      expect(seen.runs.map(({ key, ended }) => [key, ended !== undefined])).toEqual([['a', true]]);
      const rest = recordRuns();
      await other.work('q', rest.handler);
      await rest.ended(2);
      expect(rest.runs.map(({ key }) => key)).toEqual(['b', 'c']);
    });

    it('leaves a failed job to others, and does not wait for its next try', async () => {
      const { worker, release, seen } = await busy();
      const stopping = worker.stop();
      release.open();
      await stopping;
      const failing = recordRuns(() => Promise.reject(new Error('not yet')));
      const second = await under.jobs.work('q', failing.handler, { backoff: { firstMs: 300, longestMs: 300 } });
      await under.jobs.wake('q', [{ key: 'b' }]);
      await failing.ended(1);
      await second.stop();
      const rest = recordRuns();
      await under.current.open().work('q', rest.handler);
      await rest.ended(1);
      expect(rest.runs).toMatchObject([{ key: 'b', attempt: 2 }]);
      expect(seen.runs).toHaveLength(1);
    });

    it('at once where nothing is under way, and a worker can begin again', async () => {
      const seen = recordRuns();
      const worker = await under.jobs.work('q', seen.handler);
      await worker.stop();
      await under.jobs.wake('q', [{ key: 'a' }]);
      const again = await under.jobs.work('q', seen.handler);
      await seen.ended(1, 'a');
      await again.stop();
      const neverBegun = await under.jobs.work('q', seen.handler);
      await neverBegun.stop();
      expect(seen.runs).toHaveLength(1);
    });

    it('while the server is away ends too', async () => {
      const { worker, release, seen } = await busy();
      const idle = await under.jobs.work('idle', seen.handler);
      under.current.disconnect();
      await idle.stop();
      const stopping = worker.stop();
      release.open();
      await stopping;
      await under.jobs.close();
      expect(seen.runs[0]!.ended).toBeDefined();
    });
  });
};
