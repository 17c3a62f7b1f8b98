import { lotLink } from '../world/keys.js';
import type { World } from '../world/world.js';
import { column } from './column.js';

/** What is fixed when a lot comes into being. Days count from the first of the simulation. */
export interface NewLot {
  item: number;
  production: number;
  expiry: number;
  /** The supplier's party, where it came from one. */
  supplier?: number;
  /** Bad from the start, whether anybody knows or not. */
  defective: boolean;
}

/** A lot as it is, not as it was reported. */
export interface Lot extends NewLot {
  /** Its number; its code is made of it. */
  lot: number;
  /** Canonical. */
  id: string;
  code: string;
  supplierLot?: string;
}

export interface Lots {
  readonly count: number;
  /** @returns its number. */
  add: (lot: NewLot) => number;
  get: (lot: number) => Lot;
  itemOf: (lot: number) => number;
  expiryOf: (lot: number) => number;
  codeOf: (lot: number) => string;
  idOf: (lot: number) => string;
}

const numberText = (lot: number): string => lot.toString(36).toUpperCase().padStart(5, '0');
const LETTERS: Readonly<Record<string, string>> = {
  raw: 'R',
  packaging: 'C',
  intermediate: 'I',
  finished: 'F',
  rework: 'W',
};

export const lotsOf = (world: World): Lots => {
  const [item, production, expiry, supplier, defective] = [
    column('int32'),
    column('int32'),
    column('int32'),
    column('int32'),
    column('int32'),
  ];
  const codeOf = (lot: number): string => (LETTERS[world.items[item.get(lot)]?.kind ?? ''] ?? 'S') + numberText(lot);
  const idOf = (lot: number): string => lotLink(world.items[item.get(lot)]?.gtin ?? '', codeOf(lot));
  return {
    get count() {
      return item.length;
    },
    codeOf,
    idOf,
    itemOf: item.get,
    expiryOf: expiry.get,
    add: (lot) => {
      item.push(lot.item);
      production.push(lot.production);
      expiry.push(lot.expiry);
      supplier.push(lot.supplier ?? -1);
      return defective.push(lot.defective ? 1 : 0);
    },
    get: (lot) => {
      const from = supplier.get(lot);
      return {
        ...{ lot, item: item.get(lot), id: idOf(lot), code: codeOf(lot) },
        ...{ production: production.get(lot), expiry: expiry.get(lot), defective: defective.get(lot) === 1 },
        ...(from >= 0 && { supplier: from, supplierLot: `S${from}-${numberText(lot)}` }),
      };
    },
  };
};
