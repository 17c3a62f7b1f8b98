import type { Position } from '@eventstore/db-client';
import { malformed } from '#kernel';

/** An unsigned 64-bit number at its longest. */
const DIGITS = 20;
const SHAPE = /^\d{40}$/;

/** Commit and prepare position, fixed width, so that plain string comparison orders as EventStoreDB does. */
export const positionText = ({ commit, prepare }: Position): string =>
  String(commit).padStart(DIGITS, '0') + String(prepare).padStart(DIGITS, '0');

/**
 * @param position as this log gave it; undefined and '' stand before everything.
 * @throws LotlineError `position-malformed` where it is none of this log.
 */
export const parsePosition = (position: string | undefined): Position | undefined => {
  if (position === undefined || position === '') return undefined;
  if (!SHAPE.test(position))
    throw malformed('position-malformed', `not a position of this log: ${JSON.stringify(position).slice(0, 80)}`);
  return { commit: BigInt(position.slice(0, DIGITS)), prepare: BigInt(position.slice(DIGITS)) };
};
