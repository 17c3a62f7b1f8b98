import type { Happening } from '../../happening.js';
import type { Stay } from '../../trace/index.js';
import { byTime } from './order.js';

const RANK: Partial<Record<Happening['verb'], number>> = { unpack: 0, pack: 1, contain: 2 };

/**
 * When what was in a unit, from the lists that name it as parent: what is packed or observed in it is there from then on,
 * until it or everything is unpacked. At one moment unpacking comes first, as in the ledger.
 * @returns in order of beginning.
 */
export const staysIn = (unit: string, happenings: readonly Happening[]): Stay[] => {
  const stays: Stay[] = [];
  const open = new Map<string, Stay>();
  const lists = happenings
    .filter((h) => h.parent === unit && RANK[h.verb] !== undefined)
    .sort((a, b) =>
      a.time.key === b.time.key ? (RANK[a.verb] ?? 9) - (RANK[b.verb] ?? 9) || byTime(a, b) : byTime(a, b),
    );
  for (const h of lists) {
    if (h.verb === 'unpack') {
      const leaving = h.things.length === 0 ? [...open.keys()] : h.things.map((thing) => thing.id);
      for (const id of leaving) {
        const stay = open.get(id);
        if (stay !== undefined) stay.to = h.time.key;
        open.delete(id);
      }
      continue;
    }
    for (const thing of h.things) {
      if (open.has(thing.id)) continue;
      const stay: Stay = {
        unit,
        content: thing.id,
        from: h.time.key,
        ...(thing.amount !== undefined && { amount: thing.amount }),
      };
      open.set(thing.id, stay);
      stays.push(stay);
    }
  }
  return stays;
};
