import { isPositive } from './positive.js';
import { ZERO, measure, type Decimal } from '#kernel';
import type { Happening, Thing } from '../happening.js';
import type { Geography, PlaceId } from './places.js';

/** Contents that a later list told of a unit which no list had filled before. */
export interface LearntContents {
  things: Thing[];
  /** The event whose list it is. */
  event: string;
}

export interface Resolved {
  /** The units and all units in them. */
  tree: string[];
  learnt: { unit: string; contents: LearntContents }[];
  unknown: string[];
}

type Stated = Map<string, Map<string, Decimal>>;

/**
 * What the record itself says of units: which unit is in which, and what their lists named. It is the same for every lot
 * whose goods a unit held, so that the ledgers of two lots never disagree on when a unit was empty.
 */
export interface UnitBook {
  isUnit(id: string): boolean;
  parentOf(unit: string): string | undefined;
  /** The units and all units in them, outer before inner. */
  tree(units: readonly string[]): string[];
  /**
   * Gives the units (and units in them) that are empty at a departure or arrival the next list learnt of them, and says
   * which stay unknown.
   */
  resolve(roots: readonly string[], index: number, place: PlaceId): Resolved;
  /** Applies what the happening says of units. */
  apply(h: Happening): void;
}

const UNKNOWN = 'unknown';

/** A unit is what is called one, and whatever contains something; pieces with a serial number nest like units. */
const idsOf = (happenings: readonly Happening[]): { units: Set<string>; nested: Set<string> } => {
  const units = new Set<string>();
  const nested = new Set<string>();
  for (const h of happenings) {
    if (h.parent !== undefined) units.add(h.parent);
    for (const t of [...h.things, ...(h.outputs ?? [])])
      if (t.kind === 'unit') units.add(t.id);
      else if (t.kind === 'serial') nested.add(t.id);
  }
  for (const id of units) nested.add(id);
  return { units, nested };
};

const quantity = (t: Thing): { dimension: string; value: Decimal } =>
  t.amount === undefined ? { dimension: UNKNOWN, value: measure('1').value } : measure(t.amount.value, t.amount.unit);

/** Where in a sorted list the first number above another stands. */
const firstAfter = (sorted: readonly number[], index: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** @param happenings in ledger order; the index of a happening is its place in this list. */
export const unitBook = (happenings: readonly Happening[], geo: Geography): UnitBook => {
  const { units, nested } = idsOf(happenings);
  const parent = new Map<string, string>();
  const children = new Map<string, Set<string>>();
  const stated = new Map<string, Stated>();
  const timeline = new Map<string, number[]>();
  happenings.forEach((h, i) => {
    const named = new Set([...(h.parent === undefined ? [] : [h.parent]), ...h.things.map((t) => t.id)]);
    for (const id of named) {
      if (!units.has(id)) continue;
      const line = timeline.get(id);
      if (line) line.push(i);
      else timeline.set(id, [i]);
    }
  });

  const detach = (unit: string): boolean => {
    const outer = parent.get(unit);
    if (outer === undefined) return false;
    children.get(outer)?.delete(unit);
    parent.delete(unit);
    return true;
  };

  const isInside = (unit: string, outer: string): boolean => {
    const seen = new Set<string>();
    for (let at: string | undefined = unit; at !== undefined && !seen.has(at); at = parent.get(at)) {
      if (at === outer) return true;
      seen.add(at);
    }
    return false;
  };

  const put = (unit: string, outer: string): void => {
    if (unit === outer) return;
    if (isInside(outer, unit)) detach(outer); // never a ring of units
    detach(unit);
    parent.set(unit, outer);
    const inner = children.get(outer);
    if (inner) inner.add(unit);
    else children.set(outer, new Set([unit]));
  };

  const contentsOf = (unit: string): Stated => {
    const c = stated.get(unit) ?? new Map<string, Map<string, Decimal>>();
    stated.set(unit, c);
    return c;
  };

  const change = (unit: string, t: Thing, how: (now: Decimal, said: Decimal) => Decimal): void => {
    const contents = contentsOf(unit);
    const amounts = contents.get(t.id) ?? new Map<string, Decimal>();
    const { dimension, value } = quantity(t);
    const left = how(amounts.get(dimension) ?? ZERO, value);
    if (isPositive(left)) amounts.set(dimension, left);
    else amounts.delete(dimension);
    if (amounts.size > 0) contents.set(t.id, amounts);
    else contents.delete(t.id);
  };

  const isLeaf = (t: Thing): boolean => !nested.has(t.id);

  const fill = (unit: string, things: readonly Thing[], how: (now: Decimal, said: Decimal) => Decimal): void => {
    for (const t of things) {
      if (isLeaf(t)) change(unit, t, how);
      else put(t.id, unit);
    }
  };

  const takeOut = (unit: string, things: readonly Thing[]): void => {
    for (const t of things) {
      if (!isLeaf(t)) detach(t.id);
      // Without a quantity nothing says that some of it stayed.
      else if (t.amount === undefined) contentsOf(unit).delete(t.id);
      else change(unit, t, (now, said) => now.minus(said));
    }
  };

  const empty = (unit: string): void => {
    stated.delete(unit);
    for (const inner of [...(children.get(unit) ?? [])]) detach(inner);
  };

  const nextList = (unit: string, index: number, place: PlaceId): LearntContents | undefined => {
    const departing = happenings[index]?.verb === 'ship';
    let stayed = departing; // a packing fills what left only as long as the unit was not elsewhere
    const line = timeline.get(unit) ?? [];
    for (let i = firstAfter(line, index); i < line.length; i++) {
      const h = happenings[line[i] ?? -1];
      if (!h) break;
      if (h.parent === unit) {
        const isList = h.things.length > 0;
        if (h.verb === 'contain' && !isList) continue;
        if (!isList) return undefined;
        const at = geo.landsAt(h);
        if (h.verb === 'pack' && !(stayed && (at === null || place === null || geo.sameSite(at, place))))
          return undefined;
        return { things: h.things, event: h.id };
      }
      if (h.verb === 'consume' || h.verb === 'sell' || h.verb === 'scrap' || h.verb === 'transform') return undefined;
      if ((h.verb === 'receive' || h.verb === 'observe') && !geo.sameSite(geo.landsAt(h), place)) stayed = false;
    }
    return undefined;
  };

  const treeOf = (roots: readonly string[]): string[] => {
    const found = new Set<string>(roots);
    for (const unit of found) for (const inner of children.get(unit) ?? []) found.add(inner);
    return [...found];
  };

  const isEmpty = (unit: string): boolean =>
    (stated.get(unit)?.size ?? 0) === 0 && (children.get(unit)?.size ?? 0) === 0;

  return {
    isUnit: (id) => units.has(id),
    parentOf: (unit) => parent.get(unit),
    tree: treeOf,
    resolve: (roots, index, place) => {
      const learnt: Resolved['learnt'] = [];
      const unknown: string[] = [];
      const found = new Set<string>(roots);
      for (const unit of found) {
        if (units.has(unit) && isEmpty(unit)) {
          const contents = nextList(unit, index, place);
          if (contents) {
            learnt.push({ unit, contents });
            fill(unit, contents.things, (now, said) => now.plus(said));
          } else unknown.push(unit);
        }
        for (const inner of children.get(unit) ?? []) found.add(inner);
      }
      return { tree: [...found], learnt, unknown };
    },
    apply: (h) => {
      if (h.parent !== undefined) {
        if (h.verb === 'pack') fill(h.parent, h.things, (now, said) => now.plus(said));
        else if (h.verb === 'contain') fill(h.parent, h.things, (now, said) => (now.gt(said) ? now : said));
        else if (h.verb === 'unpack' && h.things.length > 0) takeOut(h.parent, h.things);
        else if (h.verb === 'unpack') empty(h.parent);
        return;
      }
      const named = h.things.filter((t) => nested.has(t.id)).map((t) => t.id);
      const used = h.verb === 'consume' || h.verb === 'sell' || h.verb === 'scrap' || h.verb === 'transform';
      // What leaves without the unit it was in is no longer in it.
      if (used || h.verb === 'ship')
        for (const unit of named) if (!named.some((other) => other !== unit && isInside(unit, other))) detach(unit);
      if (used) for (const unit of treeOf(named)) empty(unit);
    },
  };
};
