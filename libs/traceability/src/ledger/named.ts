import { isPositive } from './positive.js';
import { ZERO, decimal, measure, type Decimal } from '#kernel';
import type { Thing } from '../happening.js';
import type { Book } from './book.js';

/** How a list of things names the lot. */
export interface Named {
  /** Stated amounts by dimension. */
  amounts: Map<string, Decimal>;
  /** The lot is named without a quantity. */
  missing: boolean;
  /** Units, whether or not they hold any of the lot. */
  units: string[];
  /** Pieces of the lot. */
  serials: string[];
}

export const PIECE = decimal('1');
export const PIECES = 'count';

/**
 * Reads a list; a unit is no amount of anything. Pieces named beside a number of pieces of the same lot are part of that
 * number.
 */
export const namedIn = (b: Book, things: readonly Thing[]): Named => {
  const amounts = new Map<string, Decimal>();
  const units = new Set<string>();
  const serials = new Set<string>();
  let missing = false;
  const add = (dimension: string, value: Decimal): void => {
    amounts.set(dimension, (amounts.get(dimension) ?? ZERO).plus(value));
  };
  for (const t of things) {
    const isUnit = t.kind === 'unit' || (t.kind === 'lot' && t.amount === undefined && b.units.isUnit(t.id));
    if (t.id === b.lot && !isUnit) {
      if (t.kind === 'pool') continue;
      if (t.kind === 'serial') add(PIECES, PIECE);
      else if (t.amount === undefined) missing = true;
      else {
        const m = measure(t.amount.value, t.amount.unit);
        add(m.dimension, m.value);
      }
    } else if (b.serials.has(t.id)) serials.add(t.id);
    else if (isUnit || b.units.isUnit(t.id)) units.add(t.id);
  }
  const pieces = amounts.get(PIECES);
  if (pieces !== undefined && serials.size > 0) {
    const rest = pieces.minus(serials.size);
    if (isPositive(rest)) amounts.set(PIECES, rest);
    else amounts.delete(PIECES);
  }
  return { amounts, missing, units: [...units], serials: [...serials] };
};
