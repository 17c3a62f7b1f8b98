import { isPositive } from './positive.js';
import type { Decimal } from '#kernel';
import type { Happening } from '../happening.js';
import type { Book } from './book.js';
import type { EarlyArrival } from './early-arrival.js';
import { arriveOn, isDestination, type Leg } from './legs.js';
import type { PlaceId } from './places.js';

/** How far clocks of sender and receiver may be apart: an arrival up to so long before its departure still belongs to it. */
const CLOCK_SKEW_MS = 60 * 60_000;

const ms = (time: string): number => Date.parse(`${time}Z`);

const belongs = (b: Book, a: EarlyArrival, h: Happening, leg: Leg, from: PlaceId): boolean => {
  if (a.dimension !== leg.dimension || a.unit !== leg.unit || !isPositive(a.left)) return false;
  if (!isDestination(b.geo, leg, a.place, b.geo.party(a.place))) return false;
  const party = b.geo.party(from);
  const isOrigin =
    a.origin === undefined ||
    b.geo.sameSite(a.origin, from) ||
    (party !== undefined && b.geo.party(a.origin) === party);
  if (!isOrigin) return false;
  if (a.shipment !== undefined && h.shipment !== undefined) return a.shipment === h.shipment;
  return ms(h.time.key) - ms(a.time) <= CLOCK_SKEW_MS;
};

/**
 * Finds the arrivals that a departure comes after although it came before: they become arrivals of its shipment.
 * @returns how much has gone already (nothing more is to move), and how much of that had come from *outside* (to be taken
 *   from the place it left instead).
 */
export const claimEarly = (
  b: Book,
  h: Happening,
  leg: Leg,
  from: PlaceId,
  want: Decimal,
): { gone: Decimal; fromOutside: Decimal } => {
  let gone = want.times(0);
  let fromOutside = gone;
  for (const a of b.early) {
    const open = want.minus(gone).minus(fromOutside);
    if (!isPositive(open)) break;
    if (!belongs(b, a, h, leg, from)) continue;
    const value = open.lt(a.left) ? open : a.left;
    a.left = a.left.minus(value);
    if (a.leg) a.leg.value = a.leg.value.minus(value);
    if (a.move) a.move.value = a.move.value.minus(value);
    leg.value = leg.value.plus(value);
    arriveOn(leg, { event: a.event, time: a.time, place: a.place, value, how: 'received' }, true);
    if (a.origin === undefined) fromOutside = fromOutside.plus(value);
    else gone = gone.plus(value);
  }
  b.early = b.early.filter((a) => isPositive(a.left));
  return { gone, fromOutside };
};
