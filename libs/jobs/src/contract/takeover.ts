import { afterEach, describe, expect, it } from '@jest/globals';
import { type RunningTs, spawnTs } from '#testkit';
import type { JobsFactory } from './jobs-under-test.js';
import { recordRuns } from './record-runs.js';
import { until } from './until.js';
import { useJobs } from './use-jobs.js';

const HOUR_MS = 3_600_000;
/** Short, so that a death is soon noticed; long enough that a live process on a busy machine does not count as silent. */
const SILENCE_MS = 4_000;

interface Interval {
  key: string;
  began: number;
  ended: number;
}

/** What a process ran; what it had not ended ended with it. */
const intervalsOf = (lines: readonly string[], killedAt = Infinity): Interval[] => {
  const open = new Map<string, Interval>();
  const all: Interval[] = [];
  for (const line of lines) {
    const [word, key = '', , time] = line.split(' ');
    if (word === 'began') {
      const interval = { key, began: Number(time), ended: killedAt };
      open.set(key, interval);
      all.push(interval);
    } else if (word === 'ended') open.get(key)!.ended = Number(time);
  }
  return all;
};

export const describeTakeover = (factory: JobsFactory): void => {
  describe('a process that dies', () => {
    const under = useJobs(factory);
    const processes: RunningTs[] = [];
    afterEach(async () => {
      await Promise.all(processes.splice(0).map((running) => running.kill()));
    });

    const spawn = (options: { silenceMs?: number; runMs: number; concurrency?: number }): RunningTs => {
      const { silenceMs = SILENCE_MS, runMs, concurrency = 1 } = options;
      const args = [JSON.stringify(under.current.address), 'q', silenceMs, runMs, concurrency].map(String);
      const running = spawnTs(new URL('./work.fixture.ts', import.meta.url), args);
      processes.push(running);
      return running;
    };

    it('leaves its job to another, which waits as long as it lives', async () => {
      const dying = spawn({ runMs: HOUR_MS });
      await under.jobs.wake('q', [{ key: 'a' }]);
      await dying.line(/^began a 1 /);
      const began = Date.now();
      const seen = recordRuns();
      await under.current.open({ silenceMs: SILENCE_MS }).work('q', seen.handler);
      // Longer than the silence: it is busy, not silent, and others are served meanwhile.
      await under.jobs.wake('q', [{ key: 'b' }]);
      await seen.ended(1, 'b');
      await until(() => Date.now() - began > 1.25 * SILENCE_MS);
      expect(seen.of('a')).toEqual([]);
      // Said while it is run: one more after it.
      await under.jobs.wake('q', [{ key: 'a' }]);
      await dying.kill();
      const killed = Date.now();
      await seen.ended(2, 'a');
      const [first, second] = seen.of('a');
      expect(first!.began).toBeGreaterThanOrEqual(killed);
      // Well before the product's own silence is over, which is counted in the same way.
      expect(first!.began - killed).toBeLessThan(3 * SILENCE_MS);
      expect([first!.attempt, second!.attempt]).toEqual([2, 1]);
    });

    it('of its job each time, is not let near it for ever: the job is dead', async () => {
      const silenceMs = 500;
      await under.jobs.wake('q', [{ key: 'a' }]);
      for (const attempt of [1, 2]) {
        const dying = spawn({ silenceMs, runMs: HOUR_MS });
        await dying.line(new RegExp(`^began a ${attempt} `));
        await dying.kill();
      }
      const seen = recordRuns();
      await under.current.open({ silenceMs }).work('q', seen.handler, { attempts: 2 });
      await until(async () => (await under.jobs.dead()).length > 0);
      expect(await under.jobs.dead()).toMatchObject([
        { queue: 'q', key: 'a', attempts: 2, reason: 'the process that ran it died' },
      ]);
      expect(seen.runs).toEqual([]);
      await under.jobs.retry('q', 'a');
      await seen.ended(1, 'a');
      expect(seen.runs[0]!.attempt).toBe(1);
    });

    it('or lives: no key is run by two at once', async () => {
      const keys = ['a', 'b', 'c', 'd'];
      const workers = [1, 2].map(() => spawn({ runMs: 15, concurrency: 3 }));
      await Promise.all(workers.map((worker) => worker.line(/^ready/)));
      const ends = (): number =>
        workers.flatMap(({ lines }) => lines.filter((line) => line.startsWith('ended'))).length;
      const wakeUntil = (count: number): Promise<void> =>
        until(async () => {
          await under.jobs.wake(
            'q',
            keys.map((key) => ({ key })),
          );
          return ends() >= count;
        });
      await wakeUntil(40);
      const [dying] = workers;
      const killedAt = Date.now();
      await dying!.kill();
      workers.push(spawn({ runMs: 15, concurrency: 3 }));
      await workers[2]!.line(/^ready/);
      await wakeUntil(ends() + 40);
      // Each key once more, whoever had it when it died. A run may begin before the wake is answered.
      const last = Date.now();
      await under.jobs.wake(
        'q',
        keys.map((key) => ({ key })),
      );
      const all = (): Interval[] =>
        workers.flatMap((worker) => intervalsOf(worker.lines, worker === dying ? killedAt : Infinity));
      await until(() =>
        keys.every((key) => all().some((run) => run.key === key && run.began >= last && run.ended < Infinity)),
      );
      for (const key of keys) {
        const runs = all()
          .filter((run) => run.key === key)
          .sort((a, b) => a.began - b.began);
        runs.slice(1).forEach((run, i) => expect(run.began).toBeGreaterThanOrEqual(runs[i]!.ended));
      }
    });
  });
};
