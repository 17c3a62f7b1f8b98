import { Redis } from 'ioredis';
import type { Probe } from './probe.js';

/** By a connection of its own, which does not wait for a server to come back. */
export const pingRedis =
  (url: string): Probe =>
  async () => {
    const redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: 2_000,
      commandTimeout: 2_000,
      enableReadyCheck: false,
    });
    // The rejection says it; without a listener it is written to standard error as well.
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await redis.ping();
    } finally {
      redis.disconnect();
    }
  };
