import { decimal, measure } from '#kernel';
import type { Happening, Thing } from '../happening.js';
import { inLedgerOrder } from '../ledger/order.js';
import type { Stay } from '../trace/graph.js';
import { addTo } from '../trace/grouping.js';

const LISTS: readonly Happening['verb'][] = ['unpack', 'pack', 'contain'];

interface Open {
  stay: Stay;
  /** What is in it, by dimension; a content without quantity leaves only when named without one, or with the whole unit. */
  amounts: Map<string, ReturnType<typeof decimal>>;
}

const add = (open: Open, thing: Thing, sign: 1 | -1): boolean => {
  if (thing.amount === undefined) return false;
  const { value, dimension } = measure(thing.amount.value, thing.amount.unit);
  const sum = (open.amounts.get(dimension) ?? decimal('0')).plus(sign === 1 ? value : value.times('-1'));
  open.amounts.set(dimension, sum);
  return [...open.amounts.values()].some((left) => left.gt('0'));
};

/** What one unit held when, from its packing lists in order of event time. */
const staysIn = (unit: string, happenings: readonly Happening[]): Stay[] => {
  const stays: Stay[] = [];
  const inside = new Map<string, Open>();
  const close = (content: string, at: string): void => {
    const open = inside.get(content);
    if (open === undefined) return;
    open.stay.to = at;
    inside.delete(content);
  };
  for (const { verb, things, time } of [...happenings].sort(inLedgerOrder)) {
    if (verb === 'unpack' && things.length === 0) {
      for (const content of [...inside.keys()]) close(content, time.key);
      continue;
    }
    for (const thing of things) {
      const open = inside.get(thing.id);
      if (verb === 'unpack') {
        if (open !== undefined && !add(open, thing, -1)) close(thing.id, time.key);
        continue;
      }
      if (open === undefined) {
        const stay: Stay = { unit, content: thing.id, from: time.key };
        const fresh: Open = { stay, amounts: new Map() };
        add(fresh, thing, 1);
        inside.set(thing.id, fresh);
        stays.push(stay);
      } else if (verb === 'pack') add(open, thing, 1);
    }
  }
  return stays;
};

/** What units held when, by the effective happenings that pack, unpack or list them. */
export const staysOf = (happenings: Iterable<Happening>): Stay[] => {
  const byUnit = new Map<string, Happening[]>();
  for (const h of happenings) if (h.parent !== undefined && LISTS.includes(h.verb)) addTo(byUnit, h.parent, h);
  return [...byUnit].flatMap(([unit, of]) => staysIn(unit, of));
};
