import { randomOf, type Random } from '../random.js';
import { itemLink, keysOf, partyLink, placeLink, type Keys } from './keys.js';
import { productLines, type ProductLine } from './product-lines.js';
import { SIZES, type Size } from './sizes.js';

export type ItemKind =
  'raw' | 'packaging' | 'intermediate' | 'finished' | 'co-product' | 'by-product' | 'waste' | 'rework';

export interface Item {
  /** Its number among the items. */
  id: number;
  kind: ItemKind;
  name: string;
  gtin: string;
  /** Canonical. */
  link: string;
  unit: 'KGM' | 'EA';
  shelfLifeDays: number;
}

export interface Party {
  id: number;
  role: 'manufacturer' | 'wholesaler' | 'supplier' | 'customer';
  name: string;
  gln: string;
  link: string;
  urn: string;
}

export interface Place {
  id: number;
  party: number;
  name: string;
  gln: string;
  link: string;
  urn: string;
  /** The place it is a part of. */
  site?: number;
}

export interface Supplier {
  party: number;
  /** Share of its lots that are bad without anybody seeing it at the door. */
  defectRate: number;
  /** Share of the shelf life that is left at receipt, on average. */
  freshness: number;
  lateRate: number;
  items: number[];
}

export interface Customer {
  party: number;
  place: number;
  /** Whether its arrivals are reported. */
  reports: boolean;
}

/** Everything that does not change while the plant runs. */
export interface World {
  seed: number;
  size: Size;
  keys: Keys;
  items: readonly Item[];
  parties: readonly Party[];
  places: readonly Place[];
  suppliers: readonly Supplier[];
  customers: readonly Customer[];
  lines: readonly ProductLine[];
  manufacturer: number;
  wholesaler: number;
  /** Where goods come in, lie, are made, and wait for departure; all of them parts of one site. */
  intake: number;
  store: number;
  hall: number;
  finished: number;
  /** The wholesaler's. */
  depot: number;
}

const NAMES = ['milk', 'cocoa', 'sugar', 'flour', 'oil', 'nuts', 'salt', 'fruit', 'eggs', 'spice', 'starch', 'honey'];

/** Lists that a world is put together from. */
export interface Builder {
  random: Random;
  keys: Keys;
  items: Item[];
  item(kind: ItemKind, name: string, unit: 'KGM' | 'EA', shelfLifeDays: number): Item;
}

const builderOf = (seed: number, keys: Keys): Builder => {
  const items: Item[] = [];
  return {
    random: randomOf(seed, 'world'),
    keys,
    items,
    item: (kind, name, unit, shelfLifeDays) => {
      const id = items.length;
      const gtin = keys.gtin(id);
      const item = { id, kind, name, gtin, link: itemLink(gtin), unit, shelfLifeDays };
      items.push(item);
      return item;
    },
  };
};

/** The plant of a seed: the same for the same seed and size. */
export const worldOf = (seed: number, size: Size): World => {
  const keys = keysOf(seed);
  const builder = builderOf(seed, keys);
  const { random, items } = builder;
  const scale = SIZES[size];
  const parties: Party[] = [];
  const places: Place[] = [];
  const party = (role: Party['role'], name: string): Party => {
    const id = parties.length;
    const gln = keys.gln(id);
    const made = { id, role, name, gln, link: partyLink(gln), urn: keys.partyUrn(id) };
    parties.push(made);
    return made;
  };
  const place = (owner: Party, name: string, part?: string, site?: number): number => {
    const id = places.length;
    const gln = keys.gln(owner.id);
    places.push({
      ...{ id, party: owner.id, name, gln, link: placeLink(gln, part), urn: keys.placeUrn(owner.id, part) },
      ...(site !== undefined && { site }),
    });
    return id;
  };
  const manufacturer = party('manufacturer', 'Manufacturer');
  const site = place(manufacturer, 'Plant');
  const part = (code: string): number => place(manufacturer, `Plant ${code.toLowerCase()}`, code, site);
  const [intake, store, hall, finished] = [part('INTAKE'), part('STORE'), part('HALL'), part('FINISHED')];
  const wholesaler = party('wholesaler', 'Wholesaler');
  const depot = place(wholesaler, 'Depot');

  const raw = Array.from({ length: scale.rawItems }, (_, i) =>
    builder.item('raw', `${NAMES[i % NAMES.length] ?? ''} ${i + 1}`, 'KGM', random.int(40, 240)),
  );
  const cartons = builder.item('packaging', 'cartons', 'EA', 720);
  const suppliers = Array.from({ length: scale.suppliers }, (_, i): Supplier => ({
    party: party('supplier', `Supplier ${i + 1}`).id,
    defectRate: random.pick([0, 0.01, 0.02, 0.05, 0.15]),
    freshness: 0.5 + random.next() * 0.45,
    lateRate: random.pick([0, 0.05, 0.1, 0.3]),
    items: [],
  }));
  // Every item has a supplier, the most have two, so that a scorecard has something to compare.
  for (const item of [...raw, cartons])
    for (const supplier of random.shuffled(suppliers).slice(0, 2)) supplier.items.push(item.id);
  const customers = Array.from({ length: scale.customers }, (_, i): Customer => {
    const owner = party('customer', `Customer ${i + 1}`);
    return { party: owner.id, place: place(owner, `Customer ${i + 1}`), reports: random.chance(0.7) };
  });
  const lines = productLines(builder, { count: scale.lines, raw, cartons });
  return {
    ...{ seed, size, keys, items, parties, places, suppliers, customers, lines },
    ...{ manufacturer: manufacturer.id, wholesaler: wholesaler.id, intake, store, hall, finished, depot },
  };
};
