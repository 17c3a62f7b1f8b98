/** A call to do something for a key; what is to be done is a row of the caller's own, found by the key. */
export interface Job {
  queue: string;
  key: string;
  /** From 1; raised with every retry, back to 1 when an operator retries a dead job. */
  attempt: number;
}

export interface Wake {
  /** What it is about. While a job of this key waits, another wake is the same job. */
  key: string;
  /** Not before; default: now. Of several wakes that wait, the earliest time counts. */
  at?: Date;
}

export interface WorkOptions {
  /** Jobs of the queue at once in this process; default 1. Jobs of one key never run at once, in any process. */
  concurrency?: number;
  /** Tries before a job is dead; default 10. */
  attempts?: number;
  /** Pause before the second try in ms, doubled each time up to `longestMs`; default 1 s and 10 min. */
  backoff?: { firstMs: number; longestMs: number };
}

export interface DeadJob {
  queue: string;
  key: string;
  attempts: number;
  /** Message of the last failure. */
  reason: string;
  failedAt: Date;
}

export interface JobWorker {
  /** Takes no more, waits for those under way. Idempotent. */
  stop(): Promise<void>;
}

export interface Repeating {
  /** This process asks no more; what it asked for already comes. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Wakes somebody up: once per key, later, again, on a schedule. A job carries no truth: what is due is a row in PostgreSQL,
 * and whoever owns it sweeps now and then for what nobody woke, so a queue that forgets everything loses nothing.
 * Promised by every adapter, and proven by the contract suite:
 * - a wake is followed by at least one run of its key that starts after it (also when it comes while the key is run);
 * - a job whose process dies is run again by another;
 * - a handler that rejects is tried again with backoff; after its attempts the job is dead, listed until an operator decides.
 *   A wake of a dead key makes a new job.
 */
export interface Jobs {
  /** @throws LotlineError `unavailable` where the queue's server cannot be reached. */
  wake(queue: string, wakes: readonly Wake[]): Promise<void>;
  /**
   * Wakes the key at every multiple of the interval since 1970, apart from other wakes of it, once for all processes that ask
   * for the same; times that pass while nobody works on the queue are one. It goes on as long as one of them lives, also over a
   * queue that forgets everything.
   */
  repeat(queue: string, key: string, everyMs: number): Promise<Repeating>;
  /** Runs the queue's jobs in this process until stopped. A server that is away for a while is waited for. */
  work(queue: string, handler: (job: Job) => Promise<void>, options?: WorkOptions): Promise<JobWorker>;
  /** Latest first. */
  dead(queue?: string): Promise<DeadJob[]>;
  /** @throws LotlineError `job-unknown` (404). */
  retry(queue: string, key: string): Promise<void>;
  /** @throws LotlineError `job-unknown` (404). */
  discard(queue: string, key: string): Promise<void>;
  /** Stops what it repeats and its workers, then lets go. */
  close(): Promise<void>;
}
