import { isPositive } from './positive.js';
import { ZERO, type Decimal } from '#kernel';
import type { InferredMove } from './types.js';
import type { PlaceId } from './places.js';
import type { Leg } from './legs.js';

/** An amount that came to where it is in one movement. */
export interface Portion {
  value: Decimal;
  /** Ever-growing: the lower, the older. */
  since: number;
  /** Who received it: the party (or, unknown, the site) where it is. What another party received is never drained. */
  receivedBy?: string;
  /** Index of the happening that found it here before a receiving said so. */
  observedAt?: number;
  /** The shipment it travels or came with, until a receiving closes it. */
  leg?: Leg;
  /** The departure that it came with, after a receiving has closed its leg. */
  sentBy?: string;
  /** Its shipment has counted it as arrived. */
  landed?: boolean;
  /** The move between parties that only an observation shows, until a receiving makes it a shipment. */
  crossing?: InferredMove;
}

/** A use beyond what the record has at a place, or a list or move that nothing supports; settled when the ledger is read. */
export interface Debt {
  value: Decimal;
  /** Ever-growing: the lower, the older. */
  order: number;
  event: string;
  time: string;
  cause: 'use' | 'claim';
  /** Of a claim: where the goods were said to go; there they are taken back if nothing supports it. */
  into?: Holding;
}

/** Stock under one key: a place or a destination shipped to, loose or in one unit. */
export interface Holding {
  kind: 'place' | 'shipped';
  at: PlaceId;
  unit: string | undefined;
  /** Oldest first. */
  portions: Portion[];
  total: Decimal;
  /** How many portions nobody received, and how many a shipment still waits for: most searches need no others. */
  unreceived: number;
  travelling: number;
  debts: Debt[];
  owed: Decimal;
}

/** All stock of one lot in one dimension. */
export interface Stock {
  dimension: string;
  holdings: Map<string, Holding>;
  /** Holdings with something in them. */
  live: Set<Holding>;
  byUnit: Map<string, Holding[]>;
  byPlace: Map<PlaceId, Set<Holding>>;
  /** Sum of what is in the live holdings of a place. */
  placeTotals: Map<PlaceId, Decimal>;
  /** Index of the last happening that brought something to a place without a receiving. */
  lastSeen: Map<PlaceId, number>;
  /** Sources less sinks: what the lot should have in all. */
  net: Decimal;
  lowest: { value: Decimal; event: string; time: string; firstEvent: string } | undefined;
  /** Counts what came in and what is owed: their age. */
  movements: number;
}

export const newStock = (dimension: string): Stock => ({
  dimension,
  holdings: new Map(),
  live: new Set(),
  byUnit: new Map(),
  byPlace: new Map(),
  placeTotals: new Map(),
  lastSeen: new Map(),
  net: ZERO,
  lowest: undefined,
  movements: 0,
});

export const holding = (stock: Stock, kind: Holding['kind'], at: PlaceId, unit: string | undefined): Holding => {
  const key = `${kind}\n${at ?? ''}\n${at === null ? 0 : 1}\n${unit ?? ''}`;
  let h = stock.holdings.get(key);
  if (!h) {
    h = { kind, at, unit, portions: [], total: ZERO, unreceived: 0, travelling: 0, debts: [], owed: ZERO };
    stock.holdings.set(key, h);
    if (unit !== undefined) {
      const same = stock.byUnit.get(unit);
      if (same) same.push(h);
      else stock.byUnit.set(unit, [h]);
    }
  }
  return h;
};

export const atPlace = (stock: Stock, place: PlaceId): Decimal => stock.placeTotals.get(place) ?? ZERO;

/** What a place owes to uses and lists, over its loose stock and units. */
export const owedAt = (stock: Stock, place: PlaceId): Decimal => {
  let sum = ZERO;
  for (const h of stock.holdings.values()) if (h.kind === 'place' && h.at === place) sum = sum.plus(h.owed);
  return sum;
};

/** What a unit itself (without the units in it) holds: below zero where more was taken than is known. */
export const inUnit = (stock: Stock, unit: string): Decimal => {
  let sum = ZERO;
  for (const h of stock.byUnit.get(unit) ?? []) sum = sum.plus(h.total).minus(h.owed);
  return sum;
};

const changeTotal = (stock: Stock, h: Holding, total: Decimal): void => {
  if (h.kind === 'place') stock.placeTotals.set(h.at, (stock.placeTotals.get(h.at) ?? ZERO).minus(h.total).plus(total));
  h.total = total;
  const here = stock.byPlace.get(h.at);
  if (isPositive(total)) {
    stock.live.add(h);
    if (h.kind === 'place') {
      if (here) here.add(h);
      else stock.byPlace.set(h.at, new Set([h]));
    }
  } else {
    stock.live.delete(h);
    if (h.kind === 'place') here?.delete(h);
  }
};

const tally = (h: Holding, p: Portion, by: 1 | -1): void => {
  if (p.receivedBy === undefined) h.unreceived += by;
  if (p.leg !== undefined && p.landed !== true) h.travelling += by;
};

const tallyAll = (h: Holding): void => {
  h.unreceived = 0;
  h.travelling = 0;
  for (const p of h.portions) tally(h, p, 1);
};

/** Puts an amount in; what the place owes under the same key is paid first, oldest debt first. */
export const deposit = (stock: Stock, h: Holding, portion: Omit<Portion, 'since'>): void => {
  let { value } = portion;
  for (let [debt] = h.debts; debt !== undefined && isPositive(value); [debt] = h.debts) {
    const paid = value.lt(debt.value) ? value : debt.value;
    payDebt(h, debt, paid);
    value = value.minus(paid);
  }
  if (!isPositive(value)) return;
  stock.movements += 1;
  const added = { ...portion, value, since: stock.movements };
  h.portions.push(added);
  tally(h, added, 1);
  // A portion that only changes units brings its old mark along.
  if (portion.observedAt !== undefined && h.kind === 'place' && portion.observedAt > (stock.lastSeen.get(h.at) ?? -1))
    stock.lastSeen.set(h.at, portion.observedAt);
  changeTotal(stock, h, h.total.plus(value));
};

export const owe = (stock: Stock, h: Holding, debt: Omit<Debt, 'order'>): void => {
  stock.movements += 1;
  h.debts.push({ ...debt, order: stock.movements });
  h.owed = h.owed.plus(debt.value);
};

export const payDebt = (h: Holding, debt: Debt, value: Decimal): void => {
  debt.value = debt.value.minus(value);
  h.owed = h.owed.minus(value);
  if (!isPositive(debt.value)) h.debts.splice(h.debts.indexOf(debt), 1);
};

/** What was taken, with the holding it came out of. */
export interface Piece {
  from: Holding;
  portion: Portion;
}

/** One step of a search for stock. */
export interface Tier {
  holding: (h: Holding) => boolean;
  portion?: (p: Portion, h: Holding) => boolean;
  /** Youngest first: only a voided departure looks for its goods so. */
  newest?: boolean;
}

/** The portion of a holding that a search would take next. */
interface Candidate {
  h: Holding;
  index: number;
  portion: Portion;
}

const candidate = (h: Holding, from: number, tier: Tier): Candidate | undefined => {
  const step = tier.newest ? -1 : 1;
  for (let index = from; ; index += step) {
    const portion = h.portions[index];
    if (portion === undefined) return undefined;
    if (!tier.portion || tier.portion(portion, h)) return { h, index, portion };
  }
};

const drawFrom = (stock: Stock, holdings: Holding[], want: Decimal, tier: Tier, pieces: Piece[]): Decimal => {
  const first = (h: Holding): Candidate | undefined => candidate(h, tier.newest ? h.portions.length - 1 : 0, tier);
  const candidates = holdings.map(first).filter((c) => c !== undefined);
  const age = (c: Candidate): number => (tier.newest ? -c.portion.since : c.portion.since);
  let rest = want;
  while (isPositive(rest) && candidates.length > 0) {
    const best = candidates.reduce((a, b) => (age(b) < age(a) ? b : a));
    const { portion } = best;
    const value = rest.lt(portion.value) ? rest : portion.value;
    pieces.push({ from: best.h, portion: { ...portion, value } });
    rest = rest.minus(value);
    changeTotal(stock, best.h, best.h.total.minus(value));
    if (value.lt(portion.value)) {
      portion.value = portion.value.minus(value);
      break; // nothing more is wanted
    }
    best.h.portions.splice(best.index, 1);
    tally(best.h, portion, -1);
    const following = candidate(best.h, tier.newest ? best.index - 1 : best.index, tier);
    if (following) candidates[candidates.indexOf(best)] = following;
    else candidates.splice(candidates.indexOf(best), 1);
  }
  return rest;
};

/**
 * Takes up to `want`, step by step; in each step loose stock before packed, then oldest first.
 * @returns the pieces taken and what is still wanted.
 */
export const draw = (
  stock: Stock,
  want: Decimal,
  tiers: readonly Tier[],
  among: () => Iterable<Holding> = () => stock.live,
): { pieces: Piece[]; rest: Decimal } => {
  const pieces: Piece[] = [];
  let rest = want;
  for (const tier of tiers) {
    if (!isPositive(rest)) break;
    const matching = [...among()].filter((h) => isPositive(h.total) && tier.holding(h));
    for (const packed of [false, true]) {
      if (!isPositive(rest)) break;
      const some = matching.filter((h) => (h.unit !== undefined) === packed);
      if (some.length > 0) rest = drawFrom(stock, some, rest, tier, pieces);
    }
  }
  return { pieces, rest };
};

/** What a portion keeps of the shipment whose leg a receiving closes. */
export const sentBy = ({ leg, sentBy: before }: Portion): Pick<Portion, 'sentBy'> => {
  const departure = leg?.departure ?? before;
  return departure === undefined ? {} : { sentBy: departure };
};

/** Stock at one place. */
export const here = (stock: Stock, place: PlaceId): (() => Iterable<Holding>) => {
  const set = stock.byPlace.get(place);
  return () => set ?? [];
};

/**
 * Gives portions of a place a new mark without moving them: up to `want`, loose before packed, oldest first. A portion
 * that is only partly meant is split and keeps its age.
 */
export const mark = (
  stock: Stock,
  place: PlaceId,
  want: Decimal,
  match: (p: Portion) => boolean,
  change: (p: Portion) => void,
  among: Iterable<Holding> = stock.byPlace.get(place) ?? [],
): Decimal => {
  const found: { p: Portion; h: Holding }[] = [];
  for (const h of among) for (const p of h.portions) if (match(p)) found.push({ p, h });
  found.sort((a, b) => Number(a.h.unit !== undefined) - Number(b.h.unit !== undefined) || a.p.since - b.p.since);
  const touched = new Set<Holding>();
  let rest = want;
  for (const { p, h } of found) {
    if (!isPositive(rest)) break;
    if (rest.lt(p.value)) {
      const kept: Portion = { ...p, value: p.value.minus(rest) };
      p.value = rest;
      h.portions.splice(h.portions.indexOf(p) + 1, 0, kept);
    }
    rest = rest.minus(p.value);
    change(p);
    touched.add(h);
  }
  for (const h of touched) tallyAll(h);
  return rest;
};
