import { isPositive } from './positive.js';
import { amountOf, calendarDay, instant } from '#kernel';
import { discrepancy } from './book.js';
import type { Discrepancy, ShipmentLeg } from './types.js';

/** The last moment at which something due is in time (`Instant.key`); a due day lasts until its end. */
export const dueKey = (due: string): string | undefined =>
  instant(due)?.key ?? (calendarDay(due) === undefined ? undefined : `${due}T23:59:59`);

/**
 * What is past the due time of its shipment and has not arrived. It depends on the time of reading and is therefore no part
 * of the fold.
 * @param now time key (kernel `Instant.key`).
 * @param isOurs says whether a destination (a place or a party) is ours.
 */
export const notReceived = (
  lot: string,
  legs: readonly ShipmentLeg[],
  now: string,
  isOurs: (destination: string) => boolean,
): Discrepancy[] =>
  legs.flatMap((leg) => {
    const due = leg.due === undefined ? undefined : dueKey(leg.due);
    const destination = leg.to ?? leg.consignee;
    if (due === undefined || due >= now || !isPositive(leg.outstanding) || leg.departure === null) return [];
    if (destination === undefined || !(isOurs(destination) || (leg.consignee !== undefined && isOurs(leg.consignee))))
      return [];
    return [
      discrepancy(
        {
          kind: 'not-received',
          lot,
          place: destination,
          ...(leg.unit !== undefined && { unit: leg.unit }),
          amount: amountOf(leg.outstanding, leg.dimension),
          events: [leg.departure],
          time: due,
        },
        leg.shippedAt === undefined ? {} : { shippedOn: leg.shippedAt.slice(0, 10) },
      ),
    ];
  });
