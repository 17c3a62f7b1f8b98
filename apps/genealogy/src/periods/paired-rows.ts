import type { FrozenRow } from './frozen-figures.js';
import type { FiguresKey, FiguresRow } from './read-figures.js';

/** What was frozen and what there is now of one item, site and dimension; at least one of the two. */
export interface Pair extends FiguresKey {
  frozen: FrozenRow | undefined;
  now: FiguresRow | undefined;
}

/** As the database orders them, by bytes: UTF-16, as JavaScript compares, puts some characters elsewhere. */
const compareBytes = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

export const compareKeys = (a: FiguresKey, b: FiguresKey): number =>
  compareBytes(a.item, b.item) || compareBytes(a.site, b.site) || compareBytes(a.dimension, b.dimension);

/** Merges rows that both come in the order of `readFigures`: frozen ones were recorded in it. */
export const paired = (frozen: readonly FrozenRow[], now: readonly FiguresRow[]): Pair[] => {
  const pairs: Pair[] = [];
  for (let f = 0, n = 0; f < frozen.length || n < now.length;) {
    const [was, is] = [frozen[f], now[n]];
    const order = was === undefined ? 1 : is === undefined ? -1 : compareKeys(was, is);
    const { item, site, dimension } = (order <= 0 ? was : is) as FiguresKey;
    pairs.push({
      ...{ item, site, dimension },
      frozen: order <= 0 ? was : undefined,
      now: order >= 0 ? is : undefined,
    });
    if (order <= 0) f += 1;
    if (order >= 0) n += 1;
  }
  return pairs;
};
