import type { Book } from './book.js';
import { isDestination } from './legs.js';
import type { PlaceId } from './places.js';
import type { Tier } from './stock.js';

// Each step excludes the place itself: what is there already does not come from elsewhere.

/** Shipped to the place, still on the way or seen on the way. */
export const shippedTo = (place: PlaceId): Tier => ({
  holding: (h) => (h.kind === 'shipped' ? h.at === place : h.travelling > 0 && h.at !== place),
  portion: (p, h) =>
    place !== null && (h.kind === 'shipped' ? h.at === place : p.leg?.to === place && p.landed !== true),
});

/** Shipped under the same id. */
export const sameShipment = (shipment: string, place: PlaceId): Tier => ({
  holding: (h) => h.kind === 'shipped' || (h.travelling > 0 && h.at !== place),
  portion: (p, h) => p.leg?.shipment === shipment && (h.kind === 'shipped' || p.landed !== true),
});

/** Shipped to the party of the place (or to another place of its site), still on the way or seen on the way. */
export const shippedToParty = (b: Book, place: PlaceId, party: string | undefined): Tier => ({
  holding: (h) => h.kind === 'shipped' || (h.travelling > 0 && h.at !== place),
  portion: (p, h) =>
    p.leg !== undefined && (h.kind === 'shipped' || p.landed !== true) && isDestination(b.geo, p.leg, place, party),
});

/** Shipped to anyone. */
export const shippedToAnyone: Tier = { holding: (h) => h.kind === 'shipped' };

export const withinSite = (b: Book, place: PlaceId): Tier => ({
  holding: (h) => h.kind === 'place' && h.at !== place && b.geo.sameSite(h.at, place),
});

export const placesOf = (b: Book, place: PlaceId, parties: readonly (string | undefined)[]): Tier => ({
  holding: (h) => {
    const party = h.kind === 'place' && h.at !== place ? b.geo.party(h.at) : undefined;
    return party !== undefined && parties.includes(party);
  },
});

export const elsewhere = (place: PlaceId): Tier => ({ holding: (h) => h.kind === 'place' && h.at !== place });

export const anyPlace: Tier = { holding: (h) => h.kind === 'place' };

/** What nobody received, anywhere. */
export const unreceived: Tier = {
  holding: (h) => h.kind === 'place' && h.unreceived > 0,
  portion: (p) => p.receivedBy === undefined,
};

/**
 * Where the record has what is seen or named at a place: on its way there, else near, else on its way to others, else
 * anywhere, received or not. Nearer stock comes before what was shipped to others, so that putting goods away never calls
 * a customer's goods back.
 */
export const whereverItIs = (b: Book, place: PlaceId): Tier[] => {
  const party = b.geo.party(place);
  return [
    shippedTo(place),
    shippedToParty(b, place, party),
    withinSite(b, place),
    placesOf(b, place, [party]),
    shippedToAnyone,
    elsewhere(place),
  ];
};

/** The same search inside one unit. */
export const inUnitOnly = (unit: string, tiers: readonly Tier[]): Tier[] =>
  tiers.map((t) => ({ ...t, holding: (h) => h.unit === unit && t.holding(h) }));

/** The same search leaving some units alone. */
export const outsideUnits = (tiers: readonly Tier[], units: ReadonlySet<string>): Tier[] =>
  tiers.map((t) => ({ ...t, holding: (h) => !(h.unit !== undefined && units.has(h.unit)) && t.holding(h) }));
