import type { BulkJobOptions } from 'bullmq';
import type { KeyStates } from './key-states.js';

/** What one of BullMQ's jobs says: run the key, or see whether it is due at `at`. */
export interface JobData {
  key: string;
  at?: number;
}

/** The part of BullMQ's Queue that is used, whatever it stands on. */
export interface BullQueue {
  addBulk(jobs: { name: string; data: JobData; opts: BulkJobOptions }[]): Promise<unknown>;
  close(): Promise<void>;
}

/** The part of BullMQ's Worker that is used. */
export interface BullWorker {
  /** Waits for the jobs under way. Idempotent. */
  close(): Promise<void>;
}

export type Process = (job: { name: string; data: JobData }) => Promise<void>;

/** A server that BullMQ stands on: Redis or PostgreSQL. */
export interface Engine {
  states: KeyStates;
  openQueue(name: string): BullQueue;
  /** @param onFailure called where the worker can go on only if it is closed and opened anew. */
  openWorker(name: string, process: Process, concurrency: number, onFailure: (error: unknown) => void): BullWorker;
  /** Rejects where the server cannot be reached now. */
  reach(): Promise<void>;
  /** After all queues and workers. */
  close(): Promise<void>;
}
