import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { createJobs } from '../bull/create-jobs.js';
import type { Process } from '../bull/engine.js';
import { ANSWER_WITHIN_MS, DEFAULT_SILENCE_MS, QUEUE_OPTIONS, takeOver } from '../bull/queue-options.js';
import type { Jobs } from '../port.js';
import { EndingRedis } from './ending-redis.js';
import { redisKeyStates } from './redis-key-states.js';

export interface BullmqJobsOptions {
  /** `redis://[user:password@]host:port[/database]` or `rediss://…`. Redis must not evict keys (`maxmemory-policy noeviction`). */
  redisUrl: string;
  /** Begins every key, so that installations can share a server; default `lotline`. */
  prefix?: string;
  /** What went wrong behind the scenes and is tried again: lost connections, failed attempts to take a job. */
  onError?: (error: unknown) => void;
  /** How long a process may be silent, in ms, before others take its jobs over; default 15 s. */
  silenceMs?: number;
}

const LONGEST_PAUSE_MS = 1_000;

/**
 * Jobs in Redis by BullMQ. Nothing is connected before the first use; a process holds one connection, and two more for each
 * queue it works on.
 */
export const createBullmqJobs = (options: BullmqJobsOptions): Jobs => {
  const { redisUrl, prefix = 'lotline', onError = () => undefined, silenceMs = DEFAULT_SILENCE_MS } = options;

  /** @param maxRetriesPerRequest how many lost connections a command survives; null: any number. */
  const connect = (maxRetriesPerRequest: number | null): Redis => {
    const redis = new EndingRedis(redisUrl, {
      lazyConnect: true,
      maxRetriesPerRequest,
      retryStrategy: (times) => Math.min(LONGEST_PAUSE_MS, 50 * times),
    });
    redis.on('error', onError);
    return redis;
  };
  const redis = connect(3);

  return createJobs(
    {
      states: redisKeyStates(redis, prefix),
      openQueue: (name) => {
        const queue = new Queue(name, { connection: redis, prefix, ...QUEUE_OPTIONS });
        queue.on('error', onError);
        return queue;
      },
      openWorker: (name, process, concurrency) => {
        const connection = connect(null);
        const underWay = new Set<Promise<void>>();
        const follow: Process = async (job) => {
          const work = process(job);
          underWay.add(work);
          try {
            await work;
          } finally {
            underWay.delete(work);
          }
        };
        const worker = new Worker(name, follow, { connection, prefix, concurrency, ...takeOver(silenceMs) });
        worker.on('error', onError);
        let closing: Promise<void> | undefined;
        /** What a worker has to tell a server that is away would wait without end; unsaid, the job is run again by another. */
        const close = async (): Promise<void> => {
          const closed = worker.close();
          await Promise.allSettled(underWay);
          const late = (): Promise<void> => delay(ANSWER_WITHIN_MS, undefined, { ref: false });
          await Promise.race([closed, late()]);
          connection.disconnect();
          await Promise.race([closed, late()]);
        };
        return { close: () => (closing ??= close()) };
      },
      reach: async () => {
        await redis.ping();
      },
      close: () => {
        redis.disconnect();
        return Promise.resolve();
      },
    },
    onError,
  );
};
