import type { FollowOptions, LogBatch } from '../port.js';
import { failureOf } from './failure.js';
import { backoff, pause } from '../pause.js';
import { DEFAULT_BATCH } from './read-events.js';
import type { Wakeup } from './wakeup.js';

export interface FollowSource {
  read(after: string | undefined, max: number): Promise<LogBatch>;
  wakeup: Wakeup;
  /** Milliseconds after which it looks even if nothing woke it. */
  pollInterval: number;
  onError: (error: unknown) => void;
}

/** @returns undefined where the signal aborted first; the work is then left alone. */
const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/**
 * Reads on from where it stands; at the end it waits for a wake-up or the poll interval. The next batch is read only when
 * the consumer asks for it, so a slow consumer holds one batch and nothing else. An unreachable server is waited for.
 */
export async function* follow(
  source: FollowSource,
  { after, batchSize, signal }: FollowOptions,
): AsyncGenerator<LogBatch> {
  let position = after;
  let failures = 0;
  while (!signal.aborted) {
    const seen = source.wakeup.version();
    let batch: LogBatch | undefined;
    try {
      batch = await unlessAborted(source.read(position, batchSize ?? DEFAULT_BATCH), signal);
      failures = 0;
    } catch (error) {
      if (failureOf(error) !== 'unknown') throw error;
      source.onError(error);
      await pause(backoff((failures += 1)), signal);
      continue;
    }
    if (batch === undefined) return;
    if (batch.events.length === 0) {
      await source.wakeup.changed(seen, source.pollInterval, signal);
      continue;
    }
    position = batch.position;
    yield batch;
  }
}
