import { isPositive } from './positive.js';
import type { Decimal } from '#kernel';
import type { Happening } from '../happening.js';
import { bring } from './bring.js';
import { accountOf, allStocks, causeOf, find, land, post, stockOf, type Book } from './book.js';
import { fill } from './fill.js';
import { namedIn } from './named.js';
import type { PlaceId } from './places.js';
import { deposit, draw, holding, inUnit, type Stock, type Tier } from './stock.js';
import { anyPlace, inUnitOnly, outsideUnits, whereverItIs } from './tiers.js';

/** The list of a unit that is packed (`pack`) or seen (`contain`): its contents, and the goods named, are at the place. */
export const pack = (b: Book, h: Happening): void => {
  const unit = h.parent;
  if (unit === undefined) return;
  const place = b.geo.landsAt(h);
  const { amounts, units, serials } = namedIn(b, h.things);
  const seen = h.verb === 'contain' && h.things.length === 0;
  bring(b, h, [unit], place, seen ? 'observed' : 'named');
  bring(b, h, [...units, ...serials], place, 'named');
  for (const [dimension, value] of amounts) {
    const stock = stockOf(b, dimension);
    // A list that is only seen tells what the unit holds, not what enters it.
    const known = h.verb === 'contain' ? b.units.tree([unit]).map((u) => inUnit(stock, u)) : [];
    fill(
      b,
      h,
      stock,
      known.reduce((left, v) => left.minus(isPositive(v) ? v : 0), value),
      unit,
      place,
    );
  }
};

const leaveUnit = (b: Book, h: Happening, stock: Stock, unit: string, value: Decimal, place: PlaceId): Decimal => {
  const known = inUnit(stock, unit);
  const wanted = value.lt(known) ? value : known;
  const there: Tier = { holding: (x) => x.kind === 'place' && (place === null || x.at === place) };
  const tiers = inUnitOnly(unit, [there, anyPlace]);
  const { pieces } = draw(stock, wanted, tiers, () => stock.byUnit.get(unit) ?? []);
  const left = pieces.reduce((rest, piece) => rest.minus(piece.portion.value), value);
  for (const { from, portion } of pieces) {
    const target = holding(stock, 'place', place ?? from.at, undefined);
    post(b, causeOf(h), accountOf(from), accountOf(target), portion.value, stock.dimension);
    deposit(stock, target, portion);
  }
  return left;
};

const unpackNamed = (b: Book, h: Happening, unit: string, place: PlaceId): void => {
  const { amounts, units, serials } = namedIn(b, h.things);
  bring(b, h, [...units, ...serials], place, 'named');
  const inner = b.units.tree([unit]).filter((u) => u !== unit && !b.serials.has(u));
  for (const [dimension, value] of amounts) {
    const stock = stockOf(b, dimension);
    const before = place === null ? undefined : holding(stock, 'place', place, undefined).total;
    let rest = leaveUnit(b, h, stock, unit, value, place);
    for (const u of inner) {
      const had = rest;
      rest = isPositive(rest) ? leaveUnit(b, h, stock, u, rest, place) : rest;
      if (rest.lt(had))
        find(b, 'unpack-not-recorded', causeOf(h), { place, unit: u, dimension, value: had.minus(rest) });
    }
    // The goods named are at the place: what was loose there may be them, the rest is wherever the record has it.
    if (before === undefined || !rest.gt(before)) continue;
    const out = new Set(b.units.tree([unit]));
    const others: Tier = { holding: (x) => x.unit !== undefined && x.kind === 'place' && x.at === place };
    const { pieces } = draw(stock, rest.minus(before), outsideUnits([others, ...whereverItIs(b, place)], out));
    for (const piece of pieces) land(b, h, stock, piece, place, undefined, 'named');
  }
};

/** Contents leave the unit; without a list it is emptied: units in it stay packed, the rest is loose. */
export const unpack = (b: Book, h: Happening): void => {
  const unit = h.parent;
  if (unit === undefined) return;
  const place = b.geo.landsAt(h);
  bring(b, h, [unit], place, 'named');
  if (h.things.length > 0) unpackNamed(b, h, unit, place);
  else for (const stock of allStocks(b)) leaveUnit(b, h, stock, unit, inUnit(stock, unit), place);
};
