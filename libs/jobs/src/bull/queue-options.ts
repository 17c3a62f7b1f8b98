import type { BulkJobOptions } from 'bullmq';

/** Nobody follows the events of queues; they are kept as short as BullMQ allows. */
export const QUEUE_OPTIONS = { streams: { events: { maxLen: 100 } } } as const;

/**
 * BullMQ fails a job of ours only where a state could not be read or written, and then the job must not be lost: failures of
 * handlers are counted by key, not by job. What is done leaves nothing behind.
 */
export const KEPT = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 1_000_000_000,
  backoff: { type: 'fixed', delay: 1_000 },
} satisfies BulkJobOptions;

/** Jobs with the same id are one while they wait; what comes while one is run is run once more after it, never beside it. */
export const once = (id: string, delay = 0): BulkJobOptions => ({
  ...KEPT,
  delay,
  deduplication: { id, keepLastIfActive: true },
});

/**
 * A job is taken over after `lockDuration` without renewal and two looks for such jobs: within `silenceMs` all in all.
 * However often that happens the job goes on; runs that died are counted by key.
 */
export const takeOver = (silenceMs: number) => ({
  lockDuration: Math.floor(silenceMs / 2),
  stalledInterval: Math.floor(silenceMs / 4),
  maxStalledCount: 1_000_000_000,
});

export const DEFAULT_SILENCE_MS = 15_000;

/** A server that is silent for longer is taken for one that is away. */
export const ANSWER_WITHIN_MS = 5_000;
