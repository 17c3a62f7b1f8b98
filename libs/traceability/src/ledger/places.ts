import type { Happening, MasterData } from '../happening.js';

/** A place as stated; null where an event does not say. */
export type PlaceId = string | null;

/** What the ledger asks of master data, remembered for the length of one fold. */
export interface Geography {
  /** Root of the tree of places; a place we do not know is a site of its own. */
  site(place: PlaceId): PlaceId;
  /** The party of a place, else of the nearest place it is part of. */
  party(place: PlaceId): string | undefined;
  sameSite(a: PlaceId, b: PlaceId): boolean;
  /** Where a use takes: the read point if it is a known place, else the business location. */
  takesAt(h: Happening): PlaceId;
  /** Where outputs and arrivals land: the business location, else the read point. */
  landsAt(h: Happening): PlaceId;
}

export const geography = (master: MasterData): Geography => {
  const sites = new Map<string, string>();
  const parties = new Map<string, string | undefined>();

  const look = (id: string): void => {
    let party: string | undefined;
    let root = id;
    const seen = new Set<string>(); // a tree by intent; nobody promises that it has no loop
    for (let at: string | undefined = id; at !== undefined && !seen.has(at);) {
      seen.add(at);
      root = at;
      const place = master.place(at);
      party ??= place?.party;
      at = place?.parent;
    }
    sites.set(id, root);
    parties.set(id, party);
  };

  const site = (place: PlaceId): PlaceId => {
    if (place === null) return null;
    if (!sites.has(place)) look(place);
    return sites.get(place) ?? place;
  };

  return {
    site,
    party: (place) => {
      if (place === null) return undefined;
      if (!parties.has(place)) look(place);
      return parties.get(place);
    },
    sameSite: (a, b) => a === b || (a !== null && b !== null && site(a) === site(b)),
    takesAt: (h) =>
      h.readPoint !== undefined && master.place(h.readPoint) !== undefined
        ? h.readPoint
        : (h.bizLocation ?? h.readPoint ?? null),
    landsAt: (h) => h.bizLocation ?? h.readPoint ?? null,
  };
};
