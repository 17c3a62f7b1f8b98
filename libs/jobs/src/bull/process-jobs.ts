import type { Job, WorkOptions } from '../port.js';
import { addDue, addRuns } from './add-jobs.js';
import type { BullQueue, Process } from './engine.js';
import type { KeyStates } from './key-states.js';

export interface Processing {
  queue: string;
  handler: (job: Job) => Promise<void>;
  options: WorkOptions;
  states: KeyStates;
  onQueue: <T>(queue: string, work: (bull: BullQueue) => Promise<T>) => Promise<T>;
}

/** @returns what is done with one of BullMQ's jobs: `run` a key; put a key that is `due`, or that is to `repeat`, in line. */
export const processJobs = ({ queue, handler, options, states, onQueue }: Processing): Process => {
  const { attempts = 10, backoff = { firstMs: 1_000, longestMs: 600_000 } } = options;

  const bury = (key: string, tries: number, reason: string): Promise<void> =>
    states.bury({ queue, key, attempts: tries, reason, failedAt: new Date() });

  const afterFailure = async (key: string, attempt: number, error: unknown): Promise<void> => {
    const reason = error instanceof Error ? error.message : String(error);
    if (attempt >= attempts) return bury(key, attempt, reason);
    const at = Date.now() + Math.min(backoff.longestMs, backoff.firstMs * 2 ** (attempt - 1));
    await onQueue(queue, (bull) => addDue(bull, states, queue, [{ key, at }]));
  };

  const run = async (key: string): Promise<void> => {
    // Counted before, so that a job whose process dies of it each time is given up as well.
    const attempt = await states.begin(queue, key);
    if (attempt > attempts) return bury(key, attempt - 1, 'the process that ran it died');
    let failure: { error: unknown } | undefined;
    try {
      await handler({ queue, key, attempt });
    } catch (error) {
      failure = { error };
    }
    if (failure) await afterFailure(key, attempt, failure.error);
    else await states.succeed(queue, key);
  };

  return async ({ name, data: { key, at } }) => {
    if (name === 'run') await run(key);
    // A key that was run meanwhile, or is due earlier or later by now, has another job or needs none.
    else if (name === 'repeat' || (await states.dueAt(queue, key)) === at)
      await onQueue(queue, (bull) => addRuns(bull, [key]));
  };
};
