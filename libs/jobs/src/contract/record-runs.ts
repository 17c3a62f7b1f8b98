import type { Job } from '../port.js';
import { until } from './until.js';

export interface Run extends Job {
  began: number;
  ended: number | undefined;
}

export interface Recorder {
  handler: (job: Job) => Promise<void>;
  /** In the order they began. */
  runs: Run[];
  of(key: string): Run[];
  /** Resolves when that many runs of the key (of any) have ended. */
  ended(count: number, key?: string): Promise<void>;
}

/** A handler that keeps what it was called for, and does `act` in between. */
export const recordRuns = (act: (job: Job) => unknown = () => undefined): Recorder => {
  const runs: Run[] = [];
  const of = (key: string): Run[] => runs.filter((run) => run.key === key);
  return {
    runs,
    of,
    handler: async (job) => {
      const run: Run = { ...job, began: Date.now(), ended: undefined };
      runs.push(run);
      try {
        await act(job);
      } finally {
        run.ended = Date.now();
      }
    },
    ended: (count, key) =>
      until(() => (key === undefined ? runs : of(key)).filter((run) => run.ended !== undefined).length >= count),
  };
};

/** Something that others wait for. */
export const gate = (): { opened: Promise<void>; open: () => void } => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { opened: promise, open: () => resolve(undefined) };
};
