import { LotlineError, notFound } from '#kernel';
import type { DeadJob, Jobs, JobWorker, Repeating } from '../port.js';
import { addDue, addRepeat, addRuns } from './add-jobs.js';
import type { BullQueue, Engine } from './engine.js';
import type { KeyStates } from './key-states.js';
import { processJobs } from './process-jobs.js';
import { ANSWER_WITHIN_MS } from './queue-options.js';
import { repeatWakes } from './repeat-wakes.js';
import { startWorker } from './start-worker.js';

/** A server that stopped answering is as far away as one that is gone. */
const answered = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LotlineError('unavailable', 'jobs-unavailable', `the server of the jobs cannot be reached: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
};

/** A command that was under way when its connection broke may be answered only when the server is back. */
const answering = (states: KeyStates): KeyStates => ({
  postpone: (queue, wakes) => answered(states.postpone(queue, wakes)),
  dueAt: (queue, key) => answered(states.dueAt(queue, key)),
  begin: (queue, key) => answered(states.begin(queue, key)),
  succeed: (queue, key) => answered(states.succeed(queue, key)),
  bury: (dead) => answered(states.bury(dead)),
  exhume: (dead) => answered(states.exhume(dead)),
  dead: () => answered(states.dead()),
});

/** The port over BullMQ on any server; see `process-jobs.ts` for how its promises are kept. */
export const createJobs = (engine: Engine, onError: (error: unknown) => void): Jobs => {
  const states = answering(engine.states);
  const queues = new Map<string, BullQueue>();
  const workers = new Set<JobWorker>();
  const repeats = new Set<Repeating>();
  let closing: Promise<void> | undefined;

  /** A queue that failed is opened anew: BullMQ remembers for good that a first connection failed. */
  const onQueue = async <T>(name: string, work: (queue: BullQueue) => Promise<T>): Promise<T> => {
    let queue = queues.get(name);
    if (!queue) queues.set(name, (queue = engine.openQueue(name)));
    try {
      return await answered(work(queue));
    } catch (error) {
      if (queues.get(name) === queue) queues.delete(name);
      queue.close().catch(onError);
      throw error;
    }
  };

  const isUnknown = (queue: string, key: string): LotlineError =>
    notFound('job-unknown', `there is no dead job "${key}" in the queue "${queue}"`);

  const findDead = async (queue: string, key: string): Promise<DeadJob> => {
    const found = (await states.dead()).find((job) => job.queue === queue && job.key === key);
    if (!found) throw isUnknown(queue, key);
    return found;
  };

  return {
    wake: (queue, wakes) => {
      const earliest = new Map<string, number>();
      const now = Date.now();
      for (const { key, at } of wakes)
        earliest.set(key, Math.min(earliest.get(key) ?? Number.MAX_SAFE_INTEGER, at?.getTime() ?? now));
      const all = [...earliest].map(([key, at]) => ({ key, at }));
      return onQueue(queue, async (bull) => {
        const due = all.filter(({ at }) => at <= now).map(({ key }) => key);
        await addRuns(bull, due);
        await addDue(
          bull,
          states,
          queue,
          all.filter(({ at }) => at > now),
        );
      });
    },
    repeat: async (queue, key, everyMs) => {
      const repeating = await repeatWakes({
        everyMs,
        wakeAt: (at) => onQueue(queue, (bull) => addRepeat(bull, { key, at }, everyMs)),
        onError,
      });
      repeats.add(repeating);
      return {
        stop: async () => {
          await repeating.stop();
          repeats.delete(repeating);
        },
      };
    },
    work: (queue, handler, options = {}) => {
      const worker = startWorker({
        engine: { ...engine, reach: () => answered(engine.reach()) },
        queue,
        process: processJobs({ queue, handler, options, states, onQueue }),
        concurrency: options.concurrency ?? 1,
        onError,
      });
      workers.add(worker);
      return Promise.resolve({
        stop: async () => {
          await worker.stop();
          workers.delete(worker);
        },
      });
    },
    dead: async (queue) => {
      const all = await states.dead();
      return all
        .filter((job) => queue === undefined || job.queue === queue)
        .sort((a, b) => b.failedAt.getTime() - a.failedAt.getTime());
    },
    retry: async (queue, key) => {
      const dead = await findDead(queue, key);
      // In this order nothing is lost in between. The run may have failed by now: that is another death, which stays listed.
      await onQueue(queue, (bull) => addRuns(bull, [key]));
      await states.exhume(dead);
    },
    discard: async (queue, key) => {
      if (!(await states.exhume(await findDead(queue, key)))) throw isUnknown(queue, key);
    },
    close: () => {
      closing ??= (async () => {
        await Promise.all([...workers, ...repeats].map((each) => each.stop()));
        await Promise.all([...queues.values()].map((queue) => queue.close().catch(onError)));
        await engine.close();
      })();
      return closing;
    },
  };
};
