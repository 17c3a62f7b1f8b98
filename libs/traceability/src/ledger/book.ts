import { isPositive } from './positive.js';
import { ZERO, amountOf, uuidFromName, type Decimal } from '#kernel';
import type { Happening } from '../happening.js';
import { explain, type Because } from './explain.js';
import { arriveOn, isDestination, type Leg } from './legs.js';
import type { Geography, PlaceId } from './places.js';
import { deposit, holding, newStock, type Holding, type Piece, type Stock } from './stock.js';
import type {
  Account,
  Consumption,
  Discrepancy,
  DiscrepancyKind,
  Entry,
  EntryFlag,
  InferredMove,
  Source,
} from './types.js';
import type { EarlyArrival } from './early-arrival.js';
import type { UnitBook } from './unit-book.js';

/** A use of the lot, kept for what dates and holds say of it. */
export interface Use {
  h: Happening;
  how: 'used' | 'shipped' | 'scrapped';
  /** What it took, by dimension. */
  amounts: ReadonlyMap<string, Decimal>;
}

/** A discrepancy while the fold runs: amounts of the same contradiction add up. */
interface Finding extends Omit<Discrepancy, 'key' | 'amount' | 'explanation'> {
  dimension?: string;
  value: Decimal;
  because: Because;
}

/** Everything one fold writes. */
export interface Book {
  lot: string;
  geo: Geography;
  units: UnitBook;
  /** Pieces of the lot that have a serial number. */
  serials: ReadonlySet<string>;
  /** Serials whose piece has been told apart from the rest of the lot. */
  placed: Set<string>;
  stocks: Map<string, Stock>;
  entries: Entry[];
  legs: Leg[];
  moves: Map<string, InferredMove>;
  findings: Map<string, Finding>;
  sources: Source[];
  consumptions: Consumption[];
  uses: Use[];
  /** The happening being booked: its place in ledger order. */
  index: number;
  /** Place -> index of the last receiving there. */
  lastReceived: Map<PlaceId, number>;
  /** Receivings whose departure is not (yet) recorded. */
  early: EarlyArrival[];
  madeByLot: Decimal;
  madeBySerial: Decimal;
}

export const stockOf = (b: Book, dimension: string): Stock => {
  const stock = b.stocks.get(dimension) ?? newStock(dimension);
  b.stocks.set(dimension, stock);
  return stock;
};

/** Dimensions in one order, whatever the order in which the record came to them. */
export const allStocks = (b: Book): Stock[] =>
  [...b.stocks.values()].sort((x, y) => (x.dimension < y.dimension ? -1 : x.dimension > y.dimension ? 1 : 0));

export const accountOf = (h: Holding): Account =>
  h.kind === 'place'
    ? { kind: 'place', place: h.at, ...(h.unit !== undefined && { unit: h.unit }) }
    : { kind: 'shipped', to: h.at, ...(h.unit !== undefined && { unit: h.unit }) };

const same = (a: Account, b: Account): boolean =>
  a.kind === b.kind &&
  (a.kind !== 'place' || (b.kind === 'place' && a.place === b.place && a.unit === b.unit)) &&
  (a.kind !== 'shipped' || (b.kind === 'shipped' && a.to === b.to && a.unit === b.unit));

export interface Cause {
  event: string;
  time: string;
}

export const causeOf = (h: Happening): Cause => ({ event: h.id, time: h.time.key });

/** Writes one movement; what the same event moves along the same way is one entry. */
export const post = (
  b: Book,
  cause: Cause,
  from: Account,
  to: Account,
  value: Decimal,
  dimension: string,
  flag?: EntryFlag,
): void => {
  if (!isPositive(value) || same(from, to)) return;
  const last = b.entries.at(-1);
  if (
    last?.events[0] === cause.event &&
    last.time === cause.time &&
    last.dimension === dimension &&
    last.flag === flag &&
    same(last.from, from) &&
    same(last.to, to)
  ) {
    last.value = last.value.plus(value);
    return;
  }
  const seq = b.entries.length + 1;
  b.entries.push({
    seq,
    time: cause.time,
    from,
    to,
    value,
    dimension,
    events: [cause.event],
    ...(flag !== undefined && { flag }),
  });
};

export interface FindingDetails {
  place?: PlaceId;
  from?: PlaceId;
  unit?: string | undefined;
  transformation?: string;
  dimension?: string;
  value?: Decimal;
  events?: readonly string[];
  because?: Because;
}

export const find = (b: Book, kind: DiscrepancyKind, cause: Cause, details: FindingDetails = {}): void => {
  const events = [...(details.events ?? [cause.event])];
  const { place, from, unit, dimension, transformation } = details;
  const key = JSON.stringify([kind, b.lot, events, place ?? '', from ?? '', unit ?? '', dimension ?? '']);
  const known = b.findings.get(key);
  if (known) {
    known.value = known.value.plus(details.value ?? ZERO);
    return;
  }
  b.findings.set(key, {
    kind,
    lot: b.lot,
    events,
    time: cause.time,
    value: details.value ?? ZERO,
    because: details.because ?? {},
    ...(typeof place === 'string' && { place }),
    ...(typeof from === 'string' && { from }),
    ...(unit !== undefined && { unit }),
    ...(transformation !== undefined && { transformation }),
    ...(dimension !== undefined && { dimension }),
  });
};

/** A discrepancy in its published form; the key follows from what contradicts, not from how much. */
export const discrepancy = (f: Omit<Discrepancy, 'key' | 'explanation'>, because?: Because): Discrepancy => {
  const d = { ...f, key: '', explanation: '' };
  const parts = [f.kind, f.lot, f.events, f.place, f.from, f.unit, f.transformation, f.amount?.unit];
  d.key = uuidFromName(`discrepancy:${JSON.stringify(parts)}`);
  d.explanation = explain(d, because);
  return d;
};

export const discrepanciesOf = (b: Book): Discrepancy[] =>
  [...b.findings.values()].map(({ value, dimension, because, ...f }) =>
    discrepancy(
      { ...f, ...(dimension !== undefined && isPositive(value) && { amount: amountOf(value, dimension) }) },
      because,
    ),
  );

/** Goods that moved between parties without a shipment; amounts of the same move add up. */
export const inferMove = (
  b: Book,
  cause: Cause,
  how: InferredMove['cause'],
  move: {
    from: PlaceId;
    fromParty?: string | undefined;
    to: PlaceId;
    dimension: string;
    value: Decimal;
    unit?: string | undefined;
  },
): InferredMove => {
  const key = JSON.stringify([how, cause.event, move.from, move.to, move.dimension, move.unit ?? '']);
  const known = b.moves.get(key);
  if (known) {
    known.value = known.value.plus(move.value);
    return known;
  }
  const fromParty = move.fromParty ?? b.geo.party(move.from);
  const made: InferredMove = {
    from: move.from,
    ...(fromParty !== undefined && { fromParty }),
    to: move.to,
    consignee: b.geo.party(move.to) ?? move.to,
    dimension: move.dimension,
    value: move.value,
    ...(move.unit !== undefined && { unit: move.unit }),
    time: cause.time,
    events: [cause.event],
    cause: how,
  };
  b.moves.set(key, made);
  return made;
};

/** Whose received stock it is at a place: the party's, or the site's where the party is not known. */
export const receiverOf = (b: Book, place: PlaceId): string => b.geo.party(place) ?? b.geo.site(place) ?? '';

/** Do two places belong to different parties, as far as known? Unknown ones count as different only beyond one site. */
export const betweenParties = (b: Book, from: PlaceId, to: PlaceId): boolean => {
  if (from === null || to === null || b.geo.sameSite(from, to)) return false;
  const [x, y] = [b.geo.party(from), b.geo.party(to)];
  return x === undefined || y === undefined || x !== y;
};

/**
 * Books that goods are at a place without a receiving saying so: seen there (`observed`), or in a list of a unit that is
 * there (`named`, a movement that is not recorded unless it stays inside the site).
 */
export const land = (
  b: Book,
  h: Happening,
  stock: Stock,
  piece: Piece,
  place: PlaceId,
  unit: string | undefined,
  how: 'observed' | 'named',
): void => {
  const cause = causeOf(h);
  const { from } = piece;
  const { value, leg, landed, crossing, receivedBy, sentBy: earlier } = piece.portion;
  const target = holding(stock, 'place', place, unit);
  if (from.kind === 'place' && from.at === place) {
    // It only changes units: a list says which one it is in.
    const taken = from.unit !== undefined && from.unit !== unit && !b.serials.has(from.unit);
    const flag = taken ? 'unpack-not-recorded' : undefined;
    post(b, cause, accountOf(from), accountOf(target), value, stock.dimension, flag);
    if (taken) find(b, 'unpack-not-recorded', cause, { place, unit: from.unit, dimension: stock.dimension, value });
    deposit(stock, target, piece.portion);
    return;
  }
  const inside = from.kind === 'place' && b.geo.sameSite(from.at, place);
  const flag: EntryFlag | undefined = how === 'observed' ? undefined : inside ? 'within-site' : 'movement-not-recorded';
  post(b, cause, accountOf(from), accountOf(target), value, stock.dimension, flag);
  if (flag === 'movement-not-recorded')
    find(b, 'movement-not-recorded', cause, {
      place,
      from: from.at,
      unit: unit ?? from.unit,
      dimension: stock.dimension,
      value,
    });

  const arrived = leg !== undefined && isDestination(b.geo, leg, place, b.geo.party(place));
  if (leg !== undefined && arrived && !landed)
    arriveOn(leg, { ...cause, place, value, how: how === 'observed' ? 'observed' : 'inferred' }, true);
  const origin = from.kind === 'place' ? from.at : (leg?.from ?? null);
  const onItsWay = leg !== undefined && (arrived || (how === 'observed' && !landed));
  let crossed = crossing;
  if (!onItsWay && betweenParties(b, origin, place)) {
    const known = b.geo.party(origin) !== undefined && b.geo.party(place) !== undefined;
    // Seen at a place of nobody we know: goods on the move are no consignee for that.
    if (how === 'named' || known)
      crossed = inferMove(b, cause, how, { from: origin, to: place, dimension: stock.dimension, value, unit });
  }
  deposit(stock, target, {
    value,
    observedAt: b.index,
    ...(receivedBy !== undefined && receivedBy === receiverOf(b, place) && { receivedBy }),
    ...(leg !== undefined && { leg }),
    ...(earlier !== undefined && { sentBy: earlier }),
    ...((landed === true || arrived) && { landed: true }),
    ...(crossed !== undefined && { crossing: crossed }),
  });
};
