import { describe, expect, it } from '@jest/globals';
import type { Jobs } from '../port.js';
import type { JobsFactory } from './jobs-under-test.js';
import { gate, recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

export const describeServerAway = (factory: JobsFactory): void => {
  describe('a server that is away', () => {
    const under = useJobs(factory);

    /** Wakes until the server takes it: an instance learns only now and then that it is back. */
    const wakeAtLast = (queue: string, key: string, jobs: Jobs = under.jobs): Promise<void> =>
      until(() =>
        jobs.wake(queue, [{ key }]).then(
          () => true,
          () => false,
        ),
      );

    it('is said to whoever asks for something, and is found again', async () => {
      await under.jobs.wake('q', [{ key: 'before' }]);
      under.current.disconnect();
      const unavailable = { kind: 'unavailable', code: 'jobs-unavailable' };
      const fresh = under.current.open();
      const asked = [under.jobs, fresh].flatMap((jobs) => [
        jobs.wake('q', [{ key: 'a' }]),
        jobs.wake('q', [{ key: 'a', at: new Date(Date.now() + 3_600_000) }]),
        jobs.repeat('q', 'a', 1_000),
        jobs.dead(),
        jobs.retry('q', 'a'),
        jobs.discard('q', 'a'),
      ]);
      await Promise.all(asked.map((one) => expect(one).rejects.toMatchObject(unavailable)));
      under.current.reconnect();
      await wakeAtLast('q', 'after');
      await wakeAtLast('q', 'fresh', fresh);
      const seen = recordRuns();
      await fresh.work('q', seen.handler);
      await Promise.all(['before', 'after', 'fresh'].map((key) => seen.ended(1, key)));
    });

    it('is waited for by workers, whether they were idle or begin meanwhile', async () => {
      const seen = recordRuns();
      await under.jobs.work('idle', seen.handler);
      await under.jobs.wake('idle', [{ key: 'first' }]);
      await seen.ended(1);
      under.current.disconnect();
      await under.jobs.work('new', seen.handler);
      await under.current.open().work('newer', seen.handler);
      await expect(under.jobs.wake('idle', [{ key: 'a' }])).rejects.toMatchObject({ kind: 'unavailable' });
      under.current.reconnect();
      for (const queue of ['idle', 'new', 'newer']) {
        await wakeAtLast(queue, `after ${queue}`);
        await seen.ended(1, `after ${queue}`);
      }
    });

    it('while a job is under way loses no wake of its key, and does not count as a failure of it', async () => {
      const [running, release] = [gate(), gate()];
      const seen = recordRuns(async () => {
        running.open();
        await release.opened;
      });
      await under.jobs.work('q', seen.handler, { attempts: 3 });
      await under.jobs.wake('q', [{ key: 'a' }, { key: 'b', at: new Date(Date.now() + 300) }]);
      await running.opened;
      under.current.disconnect();
      release.open();
      await seen.ended(1, 'a');
      under.current.reconnect();
      const runs = seen.of('a').length;
      await wakeAtLast('q', 'a');
      await until(() => seen.of('a').length > runs);
      await seen.ended(1, 'b');
      expect(await under.jobs.dead()).toEqual([]);
    });

    it('again and again leaves every job its run', async () => {
      const done = new Set<string>();
      const seen = recordRuns(({ key }) => done.add(key));
      await under.jobs.work('q', seen.handler, { concurrency: 2 });
      await under.current.open().work('q', seen.handler, { concurrency: 2 });
      const keys = Array.from({ length: 40 }, (_, i) => `key-${i}`);
      for (const [i, key] of keys.entries()) {
        if (i % 20 === 10) {
          under.current.disconnect();
          await expect(under.jobs.wake('q', [{ key }])).rejects.toMatchObject({ kind: 'unavailable' });
          under.current.reconnect();
        }
        await wakeAtLast('q', key);
      }
      await until(() => done.size === keys.length);
      expect([...done].sort()).toEqual([...keys].sort());
    });
  });
};
