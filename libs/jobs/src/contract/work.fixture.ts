import { setTimeout as delay } from 'node:timers/promises';
import { createBullmqJobs, createPostgresJobs } from '../index.js';
import type { JobsAddress } from './jobs-under-test.js';

// A process that works on a queue, runs each job for so long and says so: `… ADDRESS QUEUE SILENCE_MS RUN_MS CONCURRENCY`.
const [address = '', queue = '', silenceMs = '', runMs = '', concurrency = ''] = process.argv.slice(2);
const { adapter, url, prefix } = JSON.parse(address) as JobsAddress;
const more = { silenceMs: Number(silenceMs) };
const jobs =
  adapter === 'bullmq'
    ? createBullmqJobs({ ...more, redisUrl: url, prefix })
    : createPostgresJobs({ ...more, databaseUrl: url });

const say = (word: string, key: string, attempt: number): void => {
  process.stdout.write(`${word} ${key} ${attempt} ${Date.now()}\n`);
};
await jobs.work(
  queue,
  async ({ key, attempt }) => {
    say('began', key, attempt);
    await delay(Number(runMs));
    say('ended', key, attempt);
  },
  { concurrency: Number(concurrency) },
);
process.stdout.write('ready\n');
