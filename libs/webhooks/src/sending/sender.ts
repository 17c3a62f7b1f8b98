import type { Jobs, JobWorker } from '#jobs';
import { sendDue, type SenderTools } from './send-due.js';

export interface Sender {
  /** Told that these endpoints have something due; where the queue is away, the sweep finds them. */
  wake(ids: readonly string[]): Promise<void>;
  /** Takes wakes of this process and others until stopped. */
  start(): Promise<void>;
  /** Wakes, by the rows alone, whoever should have been woken. */
  sweep(): Promise<void>;
  /** Finishes the messages under way. Idempotent. */
  stop(): Promise<void>;
}

export interface SenderOptions extends SenderTools {
  queue: string;
  jobs: Jobs;
  /** The queue could not be told; it goes on by itself. */
  unwoken: (error: unknown) => void;
}

/** Each waits for a receiver most of the time; a slow one keeps no other waiting. */
const AT_ONCE = 100;

export const createSender = (options: SenderOptions): Sender => {
  const { queue, jobs, deliveries, unwoken } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let worker: JobWorker | undefined;

  /** @returns false where the queue's server is away. */
  const tell = async (wakes: readonly { key: string; at?: Date }[]): Promise<boolean> => {
    try {
      if (wakes.length > 0) await jobs.wake(queue, wakes);
      return true;
    } catch (error) {
      unwoken(error);
      return false;
    }
  };

  const send = async (id: string): Promise<void> => {
    const sending = sendDue(options, id, stopping.signal);
    underWay.add(sending);
    try {
      const at = await sending;
      if (at && !stopping.signal.aborted) await tell([{ key: id, at }]);
    } finally {
      underWay.delete(sending);
    }
  };

  return {
    wake: async (ids) => {
      await tell(ids.map((key) => ({ key })));
    },
    start: async () => {
      worker = await jobs.work(queue, ({ key }) => send(key), { concurrency: AT_ONCE });
    },
    sweep: async () => {
      const ids = await deliveries.endpointsDue(AT_ONCE);
      if (await tell(ids.map((key) => ({ key })))) return;
      // Claims keep two processes that sweep, or a queue that comes back, from sending to the same one at once.
      await Promise.all(ids.map(send));
    },
    stop: async () => {
      stopping.abort();
      await worker?.stop();
      await Promise.allSettled(underWay);
    },
  };
};
