import { isPositive } from './positive.js';
import type { Decimal } from '#kernel';
import type { Happening } from '../happening.js';
import { accountOf, causeOf, land, post, type Book } from './book.js';
import type { PlaceId } from './places.js';
import { deposit, draw, here, holding, owe, type Stock } from './stock.js';
import { anyPlace, outsideUnits, whereverItIs } from './tiers.js';

/**
 * Puts a named amount into a unit: from loose stock of the place, else from other units there, else from wherever the
 * record has it. What nothing supports yet is owed by the place, because the making may be recorded minutes later.
 */
export const fill = (b: Book, h: Happening, stock: Stock, value: Decimal, unit: string, place: PlaceId): void => {
  if (!isPositive(value)) return;
  const own = new Set(b.units.tree([unit]));
  const atHand = draw(stock, value, outsideUnits([anyPlace], own), place === null ? undefined : here(stock, place));
  const away =
    place === null
      ? { pieces: [], rest: atHand.rest }
      : draw(stock, atHand.rest, outsideUnits(whereverItIs(b, place), own));
  for (const piece of atHand.pieces) land(b, h, stock, piece, piece.from.at, unit, 'named');
  for (const piece of away.pieces) land(b, h, stock, piece, place, unit, 'named');
  if (!isPositive(away.rest)) return;
  const [loose, target] = [holding(stock, 'place', place, undefined), holding(stock, 'place', place, unit)];
  owe(stock, loose, { value: away.rest, ...causeOf(h), cause: 'claim', into: target });
  post(b, causeOf(h), accountOf(loose), accountOf(target), away.rest, stock.dimension);
  deposit(stock, target, { value: away.rest });
};
