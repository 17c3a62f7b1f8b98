import { isPositive } from './positive.js';
import { ZERO, type Decimal } from '#kernel';
import type { Happening } from '../happening.js';
import type { Geography, PlaceId } from './places.js';
import type { Arrival, ShipmentLeg } from './types.js';

/** A shipment leg while the fold runs. */
export interface Leg extends Omit<ShipmentLeg, 'outstanding' | 'events'> {
  /** Every party the shipper named as destination. */
  parties: string[];
  /** How much has arrived, each amount counted once. */
  arrived: Decimal;
  /** Source places seen so far: `from` is known only where they agree. */
  origins: Set<PlaceId>;
}

const parties = (...ids: (string | undefined)[]): string[] => [...new Set(ids.filter((id) => id !== undefined))];

/** Opens the leg of a departure: *shipped to* is the location, else the owning, else the possessing party. */
export const departingLeg = (
  geo: Geography,
  h: Happening,
  from: PlaceId,
  dimension: string,
  unit: string | undefined,
): Leg => {
  const d = h.destination;
  const to = d?.location ?? d?.owning ?? d?.possessing ?? null;
  const consignee = d?.owning ?? d?.possessing ?? (d?.location === undefined ? undefined : geo.party(d.location));
  const fromParty = h.source?.owning ?? h.source?.possessing ?? geo.party(from);
  return {
    id: [h.id, unit ?? '', dimension, to ?? ''].join('|'),
    departure: h.id,
    departureRecorded: true,
    arrivals: [],
    from,
    ...(fromParty !== undefined && { fromParty }),
    to,
    ...(consignee !== undefined && { consignee }),
    dimension,
    value: ZERO,
    ...(unit !== undefined && { unit }),
    shippedAt: h.time.key,
    ...(h.due !== undefined && { due: h.due }),
    ...(h.shipment !== undefined && { shipment: h.shipment }),
    contentsLearntLater: false,
    parties: parties(d?.owning, d?.possessing, d?.location === undefined ? undefined : geo.party(d.location)),
    arrived: ZERO,
    origins: new Set([from]),
  };
};

/** Opens the leg that a receiving makes where no departure matches; it says who sent it or to whom. */
export const arrivingLeg = (
  geo: Geography,
  h: Happening,
  at: PlaceId,
  dimension: string,
  unit: string | undefined,
): Leg => {
  const [s, d] = [h.source, h.destination];
  const consignee = d?.owning ?? d?.possessing ?? geo.party(at);
  const fromParty = s?.owning ?? s?.possessing ?? (s?.location === undefined ? undefined : geo.party(s.location));
  return {
    id: [h.id, unit ?? '', dimension, at ?? ''].join('|'),
    departure: null,
    departureRecorded: false,
    arrivals: [],
    from: s?.location ?? null,
    ...(fromParty !== undefined && { fromParty }),
    to: at,
    ...(consignee !== undefined && { consignee }),
    dimension,
    value: ZERO,
    ...(unit !== undefined && { unit }),
    ...(h.shipment !== undefined && { shipment: h.shipment }),
    contentsLearntLater: false,
    parties: parties(consignee),
    arrived: ZERO,
    origins: new Set(s?.location === undefined ? [] : [s.location]),
  };
};

/** Was it shipped to this place, its site, or (one of) the parties it belongs to? */
export const isDestination = (geo: Geography, leg: Leg, place: PlaceId, party: string | undefined): boolean =>
  (leg.to !== null && (leg.to === place || geo.sameSite(leg.to, place))) ||
  (party !== undefined && (leg.to === party || leg.parties.includes(party)));

/** Writes an arrival down; `first` says whether these goods arrive for the first time. */
export const arriveOn = (leg: Leg, arrival: Arrival, first: boolean): void => {
  if (first) leg.arrived = leg.arrived.plus(arrival.value);
  const last = leg.arrivals.find(
    (a) => a.event === arrival.event && a.place === arrival.place && a.how === arrival.how && a.time === arrival.time,
  );
  if (last) last.value = last.value.plus(arrival.value);
  else leg.arrivals.push(arrival);
};

/** The leg as it stands when the ledger is read. */
export const readLeg = (leg: Leg): ShipmentLeg => {
  const { parties: _, arrived, origins, ...shown } = leg;
  const when = (how: Arrival['how']): string | undefined => leg.arrivals.find((a) => a.how === how)?.time;
  const receivedAt = when('received') ?? when('observed');
  const [origin] = origins;
  const outstanding = leg.value.minus(arrived);
  return {
    ...shown,
    from: leg.from ?? (origins.size === 1 && origin !== undefined ? origin : null),
    ...(receivedAt !== undefined && { receivedAt }),
    outstanding: isPositive(outstanding) ? outstanding : ZERO,
    events: [...new Set([...(leg.departure === null ? [] : [leg.departure]), ...leg.arrivals.map((a) => a.event)])],
  };
};
