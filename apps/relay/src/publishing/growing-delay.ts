import { setTimeout as delay } from 'node:timers/promises';

export interface Delays {
  firstMs: number;
  longestMs: number;
}

/**
 * Waits longer after each failure in a row: doubling from the first to the longest, up to half of it random, so that several
 * do not come back at once. Ends early when the signal aborts.
 * @param failures from 1.
 */
export const growingDelay = async (
  failures: number,
  { firstMs, longestMs }: Delays,
  signal: AbortSignal,
): Promise<void> => {
  const ms = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30)) * (0.5 + Math.random() / 2);
  await delay(ms, undefined, { signal }).catch(() => undefined);
};
