import { isPositive } from './positive.js';
import { ZERO, type Decimal } from '#kernel';
import type { Happening, Thing } from '../happening.js';
import { accountOf, allStocks, causeOf, find, post, stockOf, type Book } from './book.js';
import { claimEarly } from './early-arrivals.js';
import { arriveOn, departingLeg, type Leg } from './legs.js';
import { namedIn, PIECE, PIECES } from './named.js';
import type { PlaceId } from './places.js';
import { deposit, draw, here, holding, inUnit, owe, sentBy, type Piece, type Stock, type Tier } from './stock.js';
import { anyPlace, inUnitOnly } from './tiers.js';
import type { Account, EntryFlag } from './types.js';

/** Where a use takes goods to. */
interface Target {
  /** Books what was taken out of an account; `piece` is missing for what the place did not have. */
  give(stock: Stock, from: Account, value: Decimal, unit: string | undefined, piece?: Piece, flag?: EntryFlag): void;
  /** How much of it left before, by the receiver's clock, and is not to be taken again. */
  gone?(stock: Stock, value: Decimal, unit: string | undefined): Decimal;
}

const sink = (b: Book, h: Happening, kind: 'consumed' | 'scrapped' | 'sold'): Target => ({
  give: (stock, from, value, _unit, _piece, flag) => {
    post(b, causeOf(h), from, { kind }, value, stock.dimension, flag);
    stock.net = stock.net.minus(value);
    if (kind === 'consumed' && h.verb === 'transform' && h.transformation !== undefined)
      b.consumptions.push({
        transformation: h.transformation,
        dimension: stock.dimension,
        value,
        event: h.id,
        time: h.time.key,
        place: from.kind === 'place' ? from.place : null,
      });
  },
});

const departure = (b: Book, h: Happening, place: PlaceId, learnt: ReadonlySet<string>): Target => {
  const legs = new Map<string, Leg>();
  const legFor = (stock: Stock, unit: string | undefined): Leg => {
    const key = `${stock.dimension}\n${unit ?? ''}`;
    const leg = legs.get(key) ?? departingLeg(b.geo, h, place, stock.dimension, unit);
    if (!legs.has(key)) b.legs.push(leg);
    legs.set(key, leg);
    return leg;
  };
  return {
    gone: (stock, value, unit) => {
      if (b.early.length === 0) return ZERO;
      const { gone, fromOutside } = claimEarly(b, h, legFor(stock, unit), place, value);
      giveBack(b, h, stock, fromOutside, place);
      return gone.plus(fromOutside);
    },
    give: (stock, from, value, unit, piece, flag) => {
      const leg = legFor(stock, unit);
      leg.value = leg.value.plus(value);
      if (from.kind === 'place' && from.place !== null) leg.origins.add(from.place);
      const isLearnt = unit !== undefined && learnt.has(unit);
      if (isLearnt) leg.contentsLearntLater = true;
      const before = piece?.portion;
      if (before?.leg && before.landed !== true)
        arriveOn(before.leg, { ...causeOf(h), place: piece?.from.at ?? null, value, how: 'observed' }, true);
      const to = holding(stock, 'shipped', leg.to, unit);
      post(b, causeOf(h), from, accountOf(to), value, stock.dimension, isLearnt ? 'contents-learnt-later' : flag);
      deposit(stock, to, {
        value,
        leg,
        ...(before && sentBy(before)),
        ...(before?.receivedBy !== undefined && { receivedBy: before.receivedBy }),
        ...(before?.crossing !== undefined && { crossing: before.crossing }),
      });
    },
  };
};

const unpacked = (b: Book, h: Happening, stock: Stock, { from, portion }: Piece): void => {
  const { unit } = from;
  if (unit === undefined || b.serials.has(unit)) return;
  find(b, 'unpack-not-recorded', causeOf(h), {
    place: from.at,
    unit,
    dimension: stock.dimension,
    value: portion.value,
  });
};

const takeFrom = (
  b: Book,
  h: Happening,
  stock: Stock,
  want: Decimal,
  place: PlaceId,
  unit: string | undefined,
  to: Target,
  flag?: EntryFlag,
): Decimal => {
  const { pieces, rest } = draw(stock, want, [anyPlace], place === null ? undefined : here(stock, place));
  for (const piece of pieces) {
    const packed = piece.from.unit !== undefined && !b.serials.has(piece.from.unit);
    unpacked(b, h, stock, piece);
    to.give(
      stock,
      accountOf(piece.from),
      piece.portion.value,
      unit,
      piece,
      flag ?? (packed ? 'unpack-not-recorded' : undefined),
    );
  }
  return rest;
};

/** What a receiving took from *outside* came from here after all. */
const giveBack = (b: Book, h: Happening, stock: Stock, value: Decimal, place: PlaceId): void => {
  if (!isPositive(value)) return;
  useAmount(b, h, stock, value, place, undefined, {
    give: (_, from, part) => {
      post(b, causeOf(h), from, { kind: 'outside' }, part, stock.dimension, 'departure-late');
      stock.net = stock.net.minus(part);
    },
  });
};

/** A use takes what it says, loose stock before packed; beyond what is there the place goes below zero. */
const useAmount = (
  b: Book,
  h: Happening,
  stock: Stock,
  value: Decimal,
  place: PlaceId,
  unit: string | undefined,
  to: Target,
): void => {
  const rest = takeFrom(b, h, stock, value, place, unit, to);
  if (!isPositive(rest)) return;
  // A piece comes to be at the place as itself, contents of a unit as loose stock.
  const short = holding(stock, 'place', place, unit !== undefined && b.serials.has(unit) ? unit : undefined);
  owe(stock, short, { value: rest, ...causeOf(h), cause: 'use' });
  to.give(stock, accountOf(short), rest, unit);
};

/** The contents of a unit at that moment: what the record has elsewhere is owed by the place the unit is used at. */
const useUnit = (b: Book, h: Happening, stock: Stock, unit: string, place: PlaceId, to: Target): Decimal => {
  const known = inUnit(stock, unit);
  if (!isPositive(known)) return ZERO;
  const contents = known.minus(to.gone?.(stock, known, unit) ?? ZERO);
  const there: Tier = { holding: (x) => x.kind === 'place' && (place === null || x.at === place) };
  const tiers = inUnitOnly(unit, place === null ? [there, { holding: () => true }] : [there]);
  const { pieces, rest } = draw(stock, contents, tiers, () => stock.byUnit.get(unit) ?? []);
  for (const piece of pieces) to.give(stock, accountOf(piece.from), piece.portion.value, unit, piece);
  if (isPositive(rest)) {
    const short = holding(stock, 'place', place, unit);
    owe(stock, short, { value: rest, ...causeOf(h), cause: 'use' });
    to.give(stock, accountOf(short), rest, unit);
  }
  return known;
};

const useAll = (b: Book, h: Happening, place: PlaceId, to: Target): void => {
  let found = false;
  for (const stock of allStocks(b)) {
    let all = ZERO;
    for (const x of place === null ? stock.live : here(stock, place)()) if (x.kind === 'place') all = all.plus(x.total);
    if (!isPositive(all)) continue;
    found = true;
    takeFrom(b, h, stock, all, place, undefined, to, 'quantity-assumed');
    find(b, 'quantity-assumed', causeOf(h), { place, dimension: stock.dimension, value: all });
  }
  if (!found) find(b, 'quantity-assumed', causeOf(h), { place });
};

/** The same target, adding up what it is given. */
const counting = (target: Target, taken: Map<string, Decimal>): Target => {
  const add = ({ dimension }: Stock, value: Decimal): void => {
    taken.set(dimension, (taken.get(dimension) ?? ZERO).plus(value));
  };
  return {
    give: (stock, from, value, unit, piece, flag) => {
      add(stock, value);
      target.give(stock, from, value, unit, piece, flag);
    },
    ...(target.gone && {
      gone: (stock, value, unit) => {
        const before = target.gone?.(stock, value, unit) ?? ZERO;
        add(stock, before);
        return before;
      },
    }),
  };
};

const use = (
  b: Book,
  h: Happening,
  things: readonly Thing[],
  how: 'used' | 'shipped' | 'scrapped',
  kind?: 'consumed' | 'scrapped' | 'sold',
): void => {
  const place = b.geo.takesAt(h);
  const { amounts, missing, units, serials } = namedIn(b, things);
  const roots = [...units, ...serials];
  const { tree, learnt, unknown } =
    how === 'shipped' ? b.units.resolve(roots, b.index, place) : { tree: b.units.tree(roots), learnt: [], unknown: [] };
  if (unknown.includes(b.lot)) find(b, 'contents-unknown', causeOf(h), { place });
  const taken = new Map<string, Decimal>();
  const to = counting(
    kind === undefined ? departure(b, h, place, new Set(learnt.map((l) => l.unit))) : sink(b, h, kind),
    taken,
  );

  let touched = amounts.size > 0 || missing;
  for (const [dimension, value] of amounts) {
    const stock = stockOf(b, dimension);
    const gone = to.gone?.(stock, value, undefined) ?? ZERO;
    useAmount(b, h, stock, value.minus(gone), place, undefined, to);
  }
  if (missing) useAll(b, h, place, to);
  const held = new Map(learnt.map((l) => [l.unit, namedIn(b, l.contents.things).amounts]));
  for (const unit of tree) {
    let contents = ZERO;
    const stated = held.get(unit);
    const before = new Map(allStocks(b).map((s) => [s.dimension, inUnit(s, unit)]));
    for (const stock of allStocks(b)) {
      const used = useUnit(b, h, stock, unit, place, to);
      if (isPositive(used)) leftAlone(b, h, stock, unit, tree, place, used);
      contents = contents.plus(used);
    }
    for (const [dimension, value] of stated ?? []) {
      const rest = value.minus(before.get(dimension) ?? ZERO);
      if (!isPositive(rest)) continue;
      useAmount(b, h, stockOf(b, dimension), rest, place, unit, to);
      contents = contents.plus(rest);
    }
    if (b.serials.has(unit) && !b.placed.has(unit)) {
      b.placed.add(unit);
      useAmount(b, h, stockOf(b, PIECES), PIECE, place, unit, to);
      contents = contents.plus(PIECE);
    }
    touched ||= isPositive(contents);
  }
  if (touched) b.uses.push({ h, how, amounts: taken });
};

/** A unit that leaves without the unit it was in was unpacked from it, and nobody said so. */
const leftAlone = (
  b: Book,
  h: Happening,
  stock: Stock,
  unit: string,
  tree: readonly string[],
  place: PlaceId,
  value: Decimal,
): void => {
  const outer = b.units.parentOf(unit);
  if (outer !== undefined && !tree.includes(outer))
    find(b, 'unpack-not-recorded', causeOf(h), { place, unit: outer, dimension: stock.dimension, value });
};

export const consume = (b: Book, h: Happening, things: readonly Thing[]): void => use(b, h, things, 'used', 'consumed');
export const sell = (b: Book, h: Happening): void => use(b, h, h.things, 'used', 'sold');
export const scrap = (b: Book, h: Happening): void => use(b, h, h.things, 'scrapped', 'scrapped');
export const ship = (b: Book, h: Happening): void => use(b, h, h.things, 'shipped');

/** Reverses a departure that has not arrived: the youngest from this place first. Without quantity all of that departure. */
export const unship = (b: Book, h: Happening): void => {
  const place = b.geo.takesAt(h);
  const { amounts, missing, units, serials } = namedIn(b, h.things);
  const fromHere: Tier = {
    holding: (x) => x.kind === 'shipped',
    portion: (p) => p.leg !== undefined && (place === null || p.leg.from === place),
    newest: true,
  };
  const fromAnywhere: Tier = { holding: (x) => x.kind === 'shipped', newest: true };
  const back = (stock: Stock, pieces: Piece[]): void => {
    for (const { from, portion } of pieces) {
      const { leg, ...rest } = portion;
      const target = holding(stock, 'place', leg?.from ?? place, from.unit);
      if (leg) leg.value = leg.value.minus(portion.value);
      post(b, causeOf(h), accountOf(from), accountOf(target), portion.value, stock.dimension);
      deposit(stock, target, rest);
    }
  };
  for (const [dimension, value] of amounts) {
    const stock = stockOf(b, dimension);
    back(stock, draw(stock, value, [fromHere, fromAnywhere]).pieces);
  }
  for (const stock of allStocks(b)) {
    if (missing) {
      const waiting = [...stock.live].filter((x) => x.kind === 'shipped').flatMap((x) => x.portions);
      const here = waiting.filter((p) => p.leg?.from === place);
      const last = (here.length > 0 ? here : waiting).reduce(
        (a: (typeof waiting)[number] | undefined, p) => (a && a.since > p.since ? a : p),
        undefined,
      );
      const all = waiting.filter((p) => p.leg?.departure === last?.leg?.departure);
      const tier: Tier = { ...fromAnywhere, portion: (p) => all.some((w) => w.since === p.since) };
      back(
        stock,
        draw(
          stock,
          all.reduce((sum, p) => sum.plus(p.value), ZERO),
          [tier],
        ).pieces,
      );
    }
    for (const unit of b.units.tree([...units, ...serials])) {
      const sent = (stock.byUnit.get(unit) ?? [])
        .filter((x) => x.kind === 'shipped')
        .reduce((sum, x) => sum.plus(x.total), ZERO);
      back(
        stock,
        draw(stock, sent, inUnitOnly(unit, [fromHere, fromAnywhere]), () => stock.byUnit.get(unit) ?? []).pieces,
      );
    }
  }
};
