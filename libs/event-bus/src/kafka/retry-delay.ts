/** Pause after failures in a row, in ms: the first, doubled each time up to the longest. */
export interface RetryDelay {
  firstMs: number;
  longestMs: number;
}

export const DEFAULT_RETRY: RetryDelay = { firstMs: 50, longestMs: 5_000 };

/** @returns how long to wait after so many failures before; spread, so that those that failed together do not come back together. */
export const pauseAfter = (failures: number, { firstMs, longestMs }: RetryDelay): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(failures, 20)) * (0.8 + Math.random() * 0.4);
