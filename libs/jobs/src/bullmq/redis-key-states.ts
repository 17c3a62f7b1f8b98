import type { Redis } from 'ioredis';
import type { DeadJob } from '../port.js';
import type { KeyStates } from '../bull/key-states.js';

const fieldOf = (queue: string, key: string): string => JSON.stringify([queue, key]);

const EXHUME = `
  local text = redis.call('HGET', KEYS[1], ARGV[1])
  if text and cjson.decode(text).failedAt == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
  return 0`;

/** Three keys for all queues: a sorted set of times, a hash of counts, a hash of dead jobs. */
export const redisKeyStates = (redis: Redis, prefix: string): KeyStates => {
  const due = `${prefix}:keys:due`;
  const begun = `${prefix}:keys:begun`;
  const dead = `${prefix}:keys:dead`;

  /** All or none; throws what any of them failed with. */
  const together = async (transaction: ReturnType<Redis['multi']>): Promise<unknown[]> => {
    const answers = (await transaction.exec()) ?? [];
    return answers.map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
  };

  return {
    postpone: async (queue, wakes) => {
      const transaction = redis.multi();
      const fields = wakes.map(({ key }) => fieldOf(queue, key));
      wakes.forEach(({ at }, i) => transaction.zadd(due, 'LT', at, fields[i] ?? ''));
      const answers = await together(transaction.zmscore(due, ...fields));
      const scores = answers.at(-1) as (string | null)[];
      return wakes.map(({ key, at }, i) => ({ key, at: Number(scores[i] ?? at) }));
    },
    dueAt: async (queue, key) => {
      const score = await redis.zscore(due, fieldOf(queue, key));
      return score === null ? undefined : Number(score);
    },
    begin: async (queue, key) => {
      const field = fieldOf(queue, key);
      const answers = await together(redis.multi().zrem(due, field).hdel(dead, field).hincrby(begun, field, 1));
      return Number(answers[2]);
    },
    succeed: async (queue, key) => {
      await redis.hdel(begun, fieldOf(queue, key));
    },
    bury: async (job) => {
      const field = fieldOf(job.queue, job.key);
      await together(redis.multi().hdel(begun, field).hset(dead, field, JSON.stringify(job)));
    },
    exhume: async ({ queue, key, failedAt }) =>
      (await redis.eval(EXHUME, 1, dead, fieldOf(queue, key), failedAt.toISOString())) === 1,
    dead: async () =>
      (await redis.hvals(dead)).map((text) => {
        const job = JSON.parse(text) as Omit<DeadJob, 'failedAt'> & { failedAt: string };
        return { ...job, failedAt: new Date(job.failedAt) };
      }),
  };
};
