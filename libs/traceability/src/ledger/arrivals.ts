import { isPositive } from './positive.js';
import { ZERO, type Decimal } from '#kernel';
import type { Happening, Thing } from '../happening.js';
import { accountOf, allStocks, betweenParties, causeOf, inferMove, land, post, stockOf, type Book } from './book.js';
import type { EarlyArrival } from './early-arrival.js';
import { arriveOn, arrivingLeg, isDestination } from './legs.js';
import type { InferredMove } from './types.js';
import { bring } from './bring.js';
import { namedIn, PIECE, PIECES } from './named.js';
import { fill } from './fill.js';
import type { PlaceId } from './places.js';
import {
  atPlace,
  deposit,
  draw,
  holding,
  inUnit,
  mark,
  owe,
  type Piece,
  type Portion,
  type Stock,
  type Tier,
  sentBy,
} from './stock.js';
import {
  inUnitOnly,
  placesOf,
  sameShipment,
  shippedTo,
  shippedToAnyone,
  shippedToParty,
  unreceived,
  whereverItIs,
} from './tiers.js';

const enter = (
  b: Book,
  h: Happening,
  kind: 'made' | 'outside',
  stock: Stock,
  place: PlaceId,
  unit: string | undefined,
  value: Decimal,
  portion: Partial<Portion>,
): void => {
  if (!isPositive(value)) return;
  const target = holding(stock, 'place', place, unit);
  post(b, causeOf(h), { kind }, accountOf(target), value, stock.dimension);
  stock.net = stock.net.plus(value);
  const transformation = h.verb === 'transform' ? h.transformation : undefined;
  b.sources.push({
    kind,
    ...(transformation !== undefined && { transformation }),
    dimension: stock.dimension,
    value,
    event: h.id,
    time: h.time.key,
    place,
  });
  deposit(stock, target, { ...portion, value });
};

/**
 * *made* -> place. Pieces with serial numbers and pieces made as a number of the lot are the same pieces: what is made is
 * the larger of the two.
 */
export const make = (b: Book, h: Happening, things: readonly Thing[]): void => {
  const place = b.geo.landsAt(h);
  const { amounts, serials } = namedIn(b, things);
  for (const [dimension, value] of amounts) {
    let made = value;
    if (dimension === PIECES) {
      const counted = b.madeBySerial.minus(b.madeByLot);
      if (isPositive(counted)) made = made.minus(counted.lt(made) ? counted : made);
      b.madeByLot = b.madeByLot.plus(value);
    }
    enter(b, h, 'made', stockOf(b, dimension), place, undefined, made, {});
  }
  for (const serial of serials) {
    if (b.placed.has(serial)) continue;
    b.placed.add(serial);
    const stock = stockOf(b, PIECES);
    if (b.madeByLot.gt(b.madeBySerial)) fill(b, h, stock, PIECE, serial, place);
    else enter(b, h, 'made', stock, place, serial, PIECE, {});
    b.madeBySerial = b.madeBySerial.plus(PIECE);
  }
};

interface Receiving {
  h: Happening;
  place: PlaceId;
  receiver: string;
  /** Source or destination party are stated: without a departure the receiving makes the shipment. */
  isShipment: boolean;
  /** Who sent it, as stated: party, place. */
  senders: readonly (string | undefined)[];
  /** Steps of the search after what observations brought. */
  tiers: Tier[];
  lastAt: number;
}

const receivingOf = (b: Book, h: Happening): Receiving => {
  const [s, d] = [h.source, h.destination];
  const place = b.geo.landsAt(h) ?? d?.location ?? null;
  const party = b.geo.party(place) ?? d?.owning ?? d?.possessing;
  const stated = s?.location;
  const sources = placesOf(b, place, [
    s?.owning,
    s?.possessing,
    stated === undefined ? undefined : b.geo.party(stated),
  ]);
  const senders = [s?.owning, s?.possessing, s?.location].filter((id) => id !== undefined);
  return {
    h,
    place,
    receiver: party ?? b.geo.site(place) ?? '',
    isShipment: [s?.owning, s?.possessing, s?.location, d?.owning, d?.possessing, d?.location].some(
      (id) => id !== undefined,
    ),
    senders,
    tiers: [
      ...(h.shipment === undefined ? [] : [sameShipment(h.shipment, place)]),
      shippedTo(place),
      shippedToParty(b, place, party),
      // Who is said to have sent it had it: what goes to others is called back last.
      {
        holding: (x) =>
          sources.holding(x) || (stated !== undefined && x.kind === 'place' && x.at === stated && x.at !== place),
      },
      { holding: (x) => x.kind === 'shipped', portion: (p) => isSentBack(p, senders) },
      { holding: (x) => x.kind === 'shipped', portion: (p) => isSentFrom(b, p, senders) },
      shippedToAnyone,
    ],
    lastAt: b.lastReceived.get(place) ?? -1,
  };
};

/** Goods that had been shipped to who sends them now. */
const isSentBack = (p: Portion, senders: readonly (string | undefined)[]): boolean =>
  p.leg !== undefined && senders.some((id) => id === p.leg?.to || (id !== undefined && p.leg?.parties.includes(id)));

/** Goods on their way from a place of who sends them, wherever they were shipped to. */
const isSentFrom = (b: Book, p: Portion, senders: readonly (string | undefined)[]): boolean => {
  const from = p.leg?.from ?? undefined;
  return from !== undefined && (senders.includes(from) || senders.includes(b.geo.party(from) ?? from));
};

/** Amounts of a receiving that no departure accounts for. */
interface Unmatched {
  value: Decimal;
  origins: Set<PlaceId>;
  early: EarlyArrival[];
}

const missed = (u: Unmatched, value: Decimal, origin: PlaceId | undefined): void => {
  u.value = u.value.plus(value);
  if (origin !== undefined && origin !== null) u.origins.add(origin);
};

/** A receiving closes the shipment its goods came with; goods without one are for the leg that the receiving makes. */
const close = (b: Book, r: Receiving, p: Portion, value: Decimal, origin: PlaceId | undefined, u: Unmatched): void => {
  const at = causeOf(r.h);
  const { leg } = p;
  if (leg && isSentBack(p, r.senders) && !isDestination(b.geo, leg, r.place, b.geo.party(r.place))) {
    // Sent back: it must have arrived where it was shipped to, and this is a shipment of its own.
    if (p.landed !== true) arriveOn(leg, { ...at, place: leg.to, value, how: 'inferred' }, true);
    missed(u, value, undefined);
  } else if (leg) arriveOn(leg, { ...at, place: r.place, value, how: 'received' }, p.landed !== true);
  else missed(u, value, p.crossing?.from ?? origin);
  if (p.crossing && (p.leg || r.isShipment) && p.crossing.consignee === (b.geo.party(r.place) ?? r.place))
    p.crossing.value = p.crossing.value.minus(value);
};

/** What observations brought since the last receiving is received where it is. */
const confirm = (
  b: Book,
  r: Receiving,
  stock: Stock,
  want: Decimal,
  unit: string | undefined,
  u: Unmatched,
): Decimal => {
  const isNew = (at: number | undefined): boolean => at !== undefined && at > r.lastAt;
  if (!isNew(stock.lastSeen.get(r.place))) return want;
  return mark(
    stock,
    r.place,
    want,
    (p) => isNew(p.observedAt),
    (p) => {
      close(b, r, p, p.value, undefined, u);
      Object.assign(p, sentBy(p), { receivedBy: r.receiver });
      delete p.observedAt;
      delete p.leg;
      delete p.landed;
      delete p.crossing;
    },
    unit === undefined ? undefined : [holding(stock, 'place', r.place, unit)],
  );
};

const earlyOf = (
  r: Receiving,
  stock: Stock,
  unit: string | undefined,
  left: Decimal,
  origin: PlaceId | undefined,
  move?: InferredMove,
): EarlyArrival => ({
  ...causeOf(r.h),
  shipment: r.h.shipment,
  place: r.place,
  unit,
  dimension: stock.dimension,
  left,
  origin,
  ...(move && { move }),
});

const bringReceived = (
  b: Book,
  r: Receiving,
  stock: Stock,
  pieces: Piece[],
  unit: string | undefined,
  u: Unmatched,
): void => {
  for (const piece of pieces) {
    const { from, portion } = piece;
    const target = holding(stock, 'place', r.place, unit ?? from.unit);
    post(b, causeOf(r.h), accountOf(from), accountOf(target), portion.value, stock.dimension);
    const origin = from.kind === 'place' ? from.at : (portion.leg?.from ?? null);
    close(b, r, portion, portion.value, origin, u);
    const move =
      !portion.leg && !r.isShipment && betweenParties(b, origin, r.place)
        ? inferMove(b, causeOf(r.h), 'received', {
            from: origin,
            to: r.place,
            dimension: stock.dimension,
            value: portion.value,
            unit: target.unit,
          })
        : undefined;
    if (!portion.leg && from.at !== r.place) u.early.push(earlyOf(r, stock, target.unit, portion.value, origin, move));
    deposit(stock, target, { value: portion.value, receivedBy: r.receiver, ...sentBy(portion) });
  }
};

const shipmentOfReceiving = (b: Book, r: Receiving, stock: Stock, unit: string | undefined, u: Unmatched): void => {
  b.early.push(...u.early);
  if (!r.isShipment || !isPositive(u.value)) return;
  const leg = arrivingLeg(b.geo, r.h, r.place, stock.dimension, unit);
  const [origin] = u.origins;
  if (leg.fromParty === undefined && u.origins.size === 1 && origin !== undefined) {
    const party = b.geo.party(origin);
    if (party !== undefined) leg.fromParty = party;
  }
  for (const o of u.origins) leg.origins.add(o);
  leg.value = u.value;
  arriveOn(leg, { ...causeOf(r.h), place: r.place, value: u.value, how: 'received' }, true);
  b.legs.push(leg);
  for (const a of u.early) a.leg = leg;
};

const receiveAmount = (b: Book, r: Receiving, stock: Stock, value: Decimal, unit: string | undefined): void => {
  const u: Unmatched = { value: ZERO, origins: new Set(), early: [] };
  // Goods of a unit just learnt of were not seen before as that unit's.
  const wanted = unit === undefined ? confirm(b, r, stock, value, undefined, u) : value;
  const { pieces, rest } = draw(stock, wanted, [...r.tiers, unreceived]);
  bringReceived(b, r, stock, pieces, unit, u);
  if (isPositive(rest)) {
    missed(u, rest, undefined);
    u.early.push(earlyOf(r, stock, unit, rest, undefined));
  }
  enter(b, r.h, 'outside', stock, r.place, unit, rest, { receivedBy: r.receiver });
  shipmentOfReceiving(b, r, stock, unit, u);
};

const receiveUnit = (b: Book, r: Receiving, stock: Stock, unit: string): void => {
  const u: Unmatched = { value: ZERO, origins: new Set(), early: [] };
  const contents = inUnit(stock, unit);
  const at = holding(stock, 'place', r.place, unit);
  confirm(b, r, stock, at.total, unit, u);
  mark(
    stock,
    r.place,
    at.total,
    () => true,
    (p) => {
      p.receivedBy = r.receiver;
    },
    [at],
  );
  const tiers = inUnitOnly(unit, [...r.tiers, { holding: (x) => x.kind === 'place' && x.at !== r.place }]);
  const { pieces } = draw(stock, contents.minus(at.total), tiers, () => stock.byUnit.get(unit) ?? []);
  bringReceived(b, r, stock, pieces, unit, u);
  shipmentOfReceiving(b, r, stock, unit, u);
};

/** What a receiving brings, found by the steps of the table, is received stock of that place. */
export const receive = (b: Book, h: Happening): void => {
  const r = receivingOf(b, h);
  const { amounts, units, serials } = namedIn(b, h.things);
  const { tree, learnt } = b.units.resolve([...units, ...serials], b.index, r.place);
  for (const [dimension, value] of amounts) receiveAmount(b, r, stockOf(b, dimension), value, undefined);
  const named = new Set([...tree, ...serials]);
  let touched = amounts.size > 0;
  for (const unit of named)
    for (const stock of allStocks(b)) {
      touched ||= isPositive(inUnit(stock, unit));
      receiveUnit(b, r, stock, unit);
    }
  for (const { unit, contents } of learnt)
    for (const [dimension, value] of namedIn(b, contents.things).amounts) {
      const stock = stockOf(b, dimension);
      receiveAmount(b, r, stock, value.minus(inUnit(stock, unit)), unit);
      touched = true;
    }
  for (const unit of named) {
    if (!b.serials.has(unit)) continue;
    // A piece that was never told apart, or had left for good, comes (back) as one.
    if (!b.placed.has(unit) || !isPositive(inUnit(stockOf(b, PIECES), unit)))
      receiveAmount(b, r, stockOf(b, PIECES), PIECE, unit);
    b.placed.add(unit);
    touched = true;
  }
  if (touched) b.lastReceived.set(r.place, b.index);
};

/**
 * A move of just this amount: what was shipped from there to here, else what is there; what is not there yet is owed,
 * because its making may be recorded minutes later. A commanded one moves what its book decided on, which is there: it
 * lands no shipment.
 */
const move = (b: Book, h: Happening, stock: Stock, value: Decimal, from: string, place: PlaceId): void => {
  const party = b.geo.party(place);
  const shipped: Tier = {
    holding: (x) => x.kind === 'shipped',
    portion: (p) => p.leg?.from === from && isDestination(b.geo, p.leg, place, party),
  };
  const { pieces, rest } = draw(stock, value, [
    ...(h.commanded === true ? [] : [shipped]),
    { holding: (x) => x.kind === 'place' && x.at === from },
  ]);
  for (const piece of pieces) land(b, h, stock, piece, place, piece.from.unit, 'observed');
  if (!isPositive(rest)) return;
  const [there, target] = [holding(stock, 'place', from, undefined), holding(stock, 'place', place, undefined)];
  owe(stock, there, { value: rest, ...causeOf(h), cause: 'claim', into: target });
  post(b, causeOf(h), accountOf(there), accountOf(target), rest, stock.dimension);
  deposit(stock, target, { value: rest, observedAt: b.index });
};

/** Observation: what is not yet at the place comes from where the record has it; nothing new is made. */
export const observe = (b: Book, h: Happening): void => {
  const place = b.geo.landsAt(h);
  if (place === null) return;
  const { amounts, units, serials } = namedIn(b, h.things);
  bring(b, h, [...units, ...serials], place, 'observed');
  const from = h.source?.location;
  for (const [dimension, value] of amounts) {
    const stock = stockOf(b, dimension);
    if (from !== undefined && from !== place) move(b, h, stock, value, from, place);
    else {
      const { pieces } = draw(stock, value.minus(atPlace(stock, place)), whereverItIs(b, place));
      for (const piece of pieces) land(b, h, stock, piece, place, piece.from.unit, 'observed');
    }
  }
};
