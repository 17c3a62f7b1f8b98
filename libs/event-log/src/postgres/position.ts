import { malformed } from '#kernel';

const DIGITS = 16;
const SHAPE = /^\d{16}$/;

/** @param n place in the log, from 1. @returns fixed width, so that plain string comparison orders positions. */
export const positionText = (n: number | string): string => String(n).padStart(DIGITS, '0');

/**
 * @param position as this log gave it; undefined and '' stand before everything.
 * @throws LotlineError `position-malformed` where it is none of this log.
 */
export const positionNumber = (position: string | undefined): number => {
  if (position === undefined || position === '') return 0;
  const n = SHAPE.test(position) ? Number(position) : NaN;
  if (Number.isSafeInteger(n)) return n;
  throw malformed('position-malformed', `not a position of this log: ${JSON.stringify(position).slice(0, 80)}`);
};
