const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first, second … failure in a row, in ms: ten attempts within three days. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  24 * HOUR,
];

/** However long a receiver asks to be left alone. */
export const LONGEST_PAUSE_MS = 24 * HOUR;

/** Receivers that failed together are not all called together again. */
const JITTER = 0.2;

export interface AfterFailure {
  /** In a row, this one included: from 1. */
  failures: number;
  /** What the receiver asked for (`Retry-After`), in ms from now. */
  retryAfterMs?: number | undefined;
  delays?: readonly number[];
  /** From 0 to 1. */
  random?: () => number;
}

/** @returns ms until the next attempt, or undefined where there is none: the delivery is dead. */
export const pauseAfter = ({ failures, retryAfterMs = 0, delays, random }: AfterFailure): number | undefined => {
  const delay = (delays ?? RETRY_DELAYS_MS)[failures - 1];
  if (delay === undefined) return undefined;
  const planned = delay * (1 + JITTER * (random ?? Math.random)());
  return Math.round(Math.max(planned, Math.min(retryAfterMs, LONGEST_PAUSE_MS)));
};

/**
 * Reads `Retry-After`: seconds, or an HTTP date.
 * @returns ms from `now`, never negative; undefined where there is none or it says nothing sensible.
 */
export const retryAfterOf = (header: string | undefined, now: Date): number | undefined => {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
};
