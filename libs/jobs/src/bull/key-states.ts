import type { DeadJob } from '../port.js';

/** When a key is due, in ms since 1970. */
export interface Due {
  key: string;
  at: number;
}

/**
 * What is known of keys beside BullMQ's own jobs: until when a key waits, how often it was begun in a row, why it is dead.
 * Every operation is atomic by itself.
 */
export interface KeyStates {
  /** Waits for these times, or the earlier ones that are waited for already. @returns what is waited for now. */
  postpone(queue: string, wakes: readonly Due[]): Promise<Due[]>;
  /** What the key waits for, if it does. */
  dueAt(queue: string, key: string): Promise<number | undefined>;
  /** A run begins: nothing is waited for, and the key is not dead any more. @returns how often it was begun in a row. */
  begin(queue: string, key: string): Promise<number>;
  /** The next run is a first one. */
  succeed(queue: string, key: string): Promise<void>;
  /** Listed as dead; the next run is a first one. */
  bury(dead: DeadJob): Promise<void>;
  /** No longer listed, if it died then. @returns false where it did not. */
  exhume({ queue, key, failedAt }: Pick<DeadJob, 'queue' | 'key' | 'failedAt'>): Promise<boolean>;
  dead(): Promise<DeadJob[]>;
}
