import type { Jobs } from '../port.js';

/** How another process opens the same jobs. */
export interface JobsAddress {
  adapter: 'bullmq' | 'postgres';
  url: string;
  prefix: string;
}

export interface OpenOptions {
  /** Default: the product's, which no test's machine is so busy as to reach. */
  silenceMs?: number;
  onError?: (error: unknown) => void;
}

/** Queues of its own, empty at the start. */
export interface JobsUnderTest {
  address: JobsAddress;
  /** An instance as a process of its own would have one; closed by `dispose` at the latest. */
  open(options?: OpenOptions): Jobs;
  /** Cuts every connection to the server and lets none in, until `reconnect`. */
  disconnect(): void;
  reconnect(): void;
  /** How many records of jobs and of keys the server keeps. */
  kept(): Promise<number>;
  /** The server forgets everything it was told; undefined where that would be a loss of data. */
  forget?: () => Promise<void>;
  dispose(): Promise<void>;
}

export type JobsFactory = () => Promise<JobsUnderTest>;
