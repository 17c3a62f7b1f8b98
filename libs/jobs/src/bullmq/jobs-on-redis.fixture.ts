import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { testRedis } from '#testkit';
import { startGatedProxy } from '../contract/gated-proxy.js';
import type { JobsFactory } from '../contract/jobs-under-test.js';
import type { Jobs } from '../port.js';
import { createBullmqJobs } from './index.js';

/** At once, as a server loses its memory: one key after another would leave states that no server is ever in. */
const FORGET = `for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end`;

/** Keys of their own on a Redis that other suites use as well. */
export const jobsOnRedis: JobsFactory = async () => {
  const prefix = `t_${randomBytes(6).toString('hex')}`;
  const redis = new Redis(testRedis());
  const proxy = await startGatedProxy(testRedis());
  const opened: Jobs[] = [];
  const forget = async (): Promise<void> => {
    await redis.eval(FORGET, 0, `${prefix}:*`);
  };
  return {
    address: { adapter: 'bullmq', url: testRedis(), prefix },
    open: (options = {}) => {
      const jobs = createBullmqJobs({ redisUrl: proxy.url, prefix, ...options });
      opened.push(jobs);
      return jobs;
    },
    disconnect: () => proxy.shut(),
    reconnect: () => proxy.open(),
    kept: async () => {
      const keys = await redis.keys(`${prefix}:*`);
      const fields = await Promise.all(
        keys.filter((key) => key.includes(':keys:')).map((key) => redis.hlen(key).catch(() => redis.zcard(key))),
      );
      return keys.length + fields.reduce((sum, count) => sum + count, 0);
    },
    forget,
    dispose: async () => {
      await Promise.all(opened.map((jobs) => jobs.close()));
      await proxy.close();
      await forget();
      redis.disconnect();
    },
  };
};
