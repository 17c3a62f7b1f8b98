import type { AppendResult, Recorded } from '../port.js';

/** The server's clock in the first attempt and the position together name the attempt: nobody else wrote that event. */
const isOwn = (recorded: Recorded, attempted: readonly AppendResult[]): boolean =>
  attempted.some(
    (attempt) =>
      attempt.ok &&
      attempt.recorded.some(
        (own) =>
          !own.duplicate &&
          own.id === recorded.id &&
          own.position === recorded.position &&
          own.recordTime === recorded.recordTime,
      ),
  );

/**
 * After an unknown COMMIT outcome the appends are sent again and their ids may be found taken: by ourselves. Then the
 * caller gets what the lost answer would have said, that it was recorded now, and not that it was there already.
 * @param attempted results planned by earlier attempts of this append.
 */
export const asFirstResult = (result: AppendResult, attempted: readonly AppendResult[]): AppendResult =>
  result.ok && attempted.length > 0
    ? {
        ok: true,
        recorded: result.recorded.map((recorded) =>
          recorded.duplicate && isOwn(recorded, attempted) ? { ...recorded, duplicate: false } : recorded,
        ),
      }
    : result;
