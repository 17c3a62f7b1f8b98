import type { MasterData, Place } from '../happening.js';

/**
 * Days after production, the earliest date of the inputs (`of`: of those whose item is of one of these kinds), or stated with
 * every lot.
 */
export type ShelfLife =
  { rule: 'fixed'; days: number } | { rule: 'inherited'; from?: readonly string[] } | { rule: 'given' };

/** What one base unit of an item costs. */
export interface ItemCost {
  /** Exact decimal text. */
  value: string;
  /** ISO 4217. */
  currency: string;
}

export interface PartyEntry {
  id: string;
  name?: string;
}

export interface ItemEntry {
  id: string;
  name?: string;
  /** Whose item it is. */
  party?: string;
  /** Share by which a transformation may give more than went in, decimal text ("0.02"). */
  tolerance?: string;
  kind?: string;
  /** Where the dates of its lots come from. */
  shelfLife?: ShelfLife;
  /** What it is counted in (UN/ECE Rec 20), which is what `cost` is of. */
  baseUnit?: string;
  /** What one base unit costs. */
  cost?: ItemCost;
}

/** Null says that there is none any more. */
type Statement<T extends { id: string }> = { [Member in keyof T]: Member extends 'id' ? T[Member] : T[Member] | null };

/** What one event says of one place, party or item. */
export type MasterDataEntry = {
  /** When it was stated (`Instant.key`): of two statements of one member the later holds. */
  at: string;
  /** Log id of the event: decides between statements of one moment, so that the order of arrival does not. */
  by: string;
} & (
  { kind: 'place'; value: Place } | { kind: 'party'; value: PartyEntry } | { kind: 'item'; value: Statement<ItemEntry> }
);

/** Master data by id, and as ledger and trace read it. */
export interface MasterDataState extends MasterData {
  places: ReadonlyMap<string, Place>;
  parties: ReadonlyMap<string, PartyEntry>;
  items: ReadonlyMap<string, ItemEntry>;
}

interface Stated<T> {
  value: T;
  since: Map<string, string>;
}

const merge = <T extends { id: string }>(into: Map<string, Stated<T>>, value: Statement<T>, rank: string): void => {
  const entry = into.get(value.id) ?? { value: { id: value.id } as T, since: new Map<string, string>() };
  for (const [member, stated] of Object.entries(value) as [string, unknown][]) {
    if (stated === undefined || (entry.since.get(member) ?? '') > rank) continue;
    entry.since.set(member, rank);
    const { [member as keyof T]: _before, ...others } = entry.value;
    entry.value = (stated === null ? others : { ...others, [member]: stated }) as T;
  }
  into.set(value.id, entry);
};

const values = <T>(entries: ReadonlyMap<string, Stated<T>>): Map<string, T> =>
  new Map([...entries].map(([id, { value }]) => [id, value]));

/** A GLN with extension lies within the place of the GLN itself (GS1 General Specifications 3.7.9, AI 254). */
const withoutExtension = (id: string): string | undefined =>
  /^(https:\/\/id\.gs1\.org\/414\/\d{13})\/254\//.exec(id)?.[1];

/**
 * Folds statements into master data; the order in which they come does not matter. A place without a party of its own
 * belongs to that of the nearest place around it.
 */
export const masterDataOf = (entries: Iterable<MasterDataEntry>): MasterDataState => {
  const stated = {
    place: new Map<string, Stated<Place>>(),
    party: new Map<string, Stated<PartyEntry>>(),
    item: new Map<string, Stated<ItemEntry>>(),
  };
  for (const entry of entries) {
    const rank = `${entry.at} ${entry.by}`;
    if (entry.kind === 'place') merge(stated.place, entry.value, rank);
    else if (entry.kind === 'party') merge(stated.party, entry.value, rank);
    else merge(stated.item, entry.value, rank);
  }
  const [places, parties, items] = [values(stated.place), values(stated.party), values(stated.item)];
  const known = (id: string): Place | undefined => {
    const place = places.get(id);
    const around = place?.parent ?? withoutExtension(id);
    return around === undefined || around === id ? place : { ...(place ?? { id }), parent: around };
  };
  const resolved = new Map<string, Place | undefined>();
  const placeOf = (id: string): Place | undefined => {
    if (resolved.has(id)) return resolved.get(id);
    const place = known(id);
    let party = place?.party;
    const seen = new Set([id]);
    for (let up = place?.parent; party === undefined && up !== undefined && !seen.has(up); up = known(up)?.parent) {
      seen.add(up);
      party = known(up)?.party;
    }
    // A GLN extension alone makes no known place: only a statement about it or about what is around it does.
    const found =
      place === undefined || (!places.has(id) && (place.parent === undefined || !places.has(place.parent)))
        ? undefined
        : { ...place, ...(party !== undefined && { party }) };
    resolved.set(id, found);
    return found;
  };
  return {
    places,
    parties,
    items,
    place: placeOf,
    party: (id) => parties.get(id),
    item: (id) => items.get(id),
  };
};
