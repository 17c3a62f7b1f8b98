import type { Happening, Thing } from '../happening.js';
import { inLedgerOrder } from '../ledger/order.js';

/**
 * The one id under which aliases are read: the smallest of those that were identified and not separated since, by event
 * time. A pair is undone by the later separation of that pair.
 */
export const aliasesOf = (happenings: Iterable<Happening>): ((id: string) => string) => {
  const statements = [...happenings].filter((h) => h.alias !== undefined);
  if (statements.length === 0) return (id) => id;
  statements.sort(inLedgerOrder);
  const pairs = new Map<string, readonly [string, string]>();
  for (const { alias } of statements)
    for (const a of alias?.lots ?? [])
      for (const b of alias?.lots ?? []) {
        if (a >= b) continue;
        if (alias?.apart === true) pairs.delete(`${a} ${b}`);
        else pairs.set(`${a} ${b}`, [a, b]);
      }
  const parent = new Map<string, string>();
  const find = (id: string): string => {
    let root = id;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    return root;
  };
  for (const [a, b] of pairs.values()) {
    const [x, y] = [find(a), find(b)].sort() as [string, string];
    if (x !== y) parent.set(y, x);
  }
  return find;
};

/** A happening with the ids of its things resolved. */
export const withAliases = (happening: Happening, resolve: (id: string) => string): Happening => {
  const thing = (t: Thing): Thing => ({ ...t, id: resolve(t.id), ...(t.lot !== undefined && { lot: resolve(t.lot) }) });
  return {
    ...happening,
    things: happening.things.map(thing),
    ...(happening.outputs !== undefined && { outputs: happening.outputs.map(thing) }),
    ...(happening.dates !== undefined && {
      dates: Object.fromEntries(Object.entries(happening.dates).map(([id, dates]) => [resolve(id), dates])),
    }),
  };
};
