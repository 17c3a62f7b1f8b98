import type { Logger } from 'pino';
import { createBullmqJobs, createPostgresJobs, type Jobs } from '#jobs';
import type { LotlineConfig } from '../config/lotline-config.js';
import { pingRedis } from './ping-redis.js';
import type { Probes } from './probe.js';

export interface JobsOptions {
  config: LotlineConfig;
  databaseUrl: string;
  logger: Logger;
}

const tell =
  (logger: Logger) =>
  (err: unknown): void =>
    logger.warn({ err }, 'the queue of jobs had a fault; it is tried again');

/** What wakes timers and senders, and how its server is asked where that is none of the others. */
export interface OpenJobs {
  jobs: Jobs;
  probes: Probes;
}

const inPostgres = ({ databaseUrl, logger }: JobsOptions): OpenJobs => ({
  jobs: createPostgresJobs({ databaseUrl, onError: tell(logger) }),
  probes: {},
});

const inRedis = ({ config: { redisUrl = '', topicPrefix }, logger }: JobsOptions): OpenJobs => ({
  jobs: createBullmqJobs({ redisUrl, prefix: topicPrefix, onError: tell(logger) }),
  probes: { redis: pingRedis(redisUrl) },
});

const OPENERS: Readonly<Record<LotlineConfig['profile'], (options: JobsOptions) => OpenJobs>> = {
  standalone: inPostgres,
  cluster: inRedis,
};

/** The jobs of the profile. Nothing is connected before it is used. */
export const openJobs = (options: JobsOptions): OpenJobs => OPENERS[options.config.profile](options);
