import { isPositive } from './positive.js';
import type { Happening } from '../happening.js';
import { allStocks, land, stockOf, type Book } from './book.js';
import { PIECE, PIECES } from './named.js';
import type { PlaceId } from './places.js';
import { draw, holding, inUnit, type Tier } from './stock.js';
import { anyPlace, inUnitOnly, whereverItIs } from './tiers.js';

/** Tells a piece apart from the rest of the lot: from loose stock of the place, else from wherever it is. */
const tellApart = (b: Book, h: Happening, serial: string, place: PlaceId, how: 'observed' | 'named'): void => {
  if (b.placed.has(serial)) return;
  b.placed.add(serial);
  const stock = stockOf(b, PIECES);
  const loose = (tiers: Tier[]): Tier[] =>
    tiers.map((t) => ({ ...t, holding: (x) => x.unit === undefined && t.holding(x) }));
  const atHand: Tier = { holding: (x) => x.kind === 'place' && x.at === place && x.unit === undefined };
  const { pieces } = draw(
    stock,
    PIECE,
    place === null ? loose([anyPlace]) : [atHand, ...loose(whereverItIs(b, place))],
  );
  for (const piece of pieces) land(b, h, stock, piece, place ?? piece.from.at, serial, how);
  if (pieces.length === 0) b.placed.delete(serial);
};

/** Brings what units (and units in them) hold to where they are named. */
export const bring = (
  b: Book,
  h: Happening,
  roots: readonly string[],
  place: PlaceId,
  how: 'observed' | 'named',
): void => {
  const units = b.units.tree(roots);
  for (const unit of units) if (b.serials.has(unit)) tellApart(b, h, unit, place, how);
  if (place === null) return;
  for (const unit of units)
    for (const stock of allStocks(b)) {
      const away = inUnit(stock, unit).minus(holding(stock, 'place', place, unit).total);
      if (!isPositive(away)) continue;
      const { pieces } = draw(
        stock,
        away,
        inUnitOnly(unit, whereverItIs(b, place)),
        () => stock.byUnit.get(unit) ?? [],
      );
      for (const piece of pieces) land(b, h, stock, piece, place, unit, how);
    }
};
