import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot } from '#projections';
import type { Pool } from 'pg';
import { tellApart } from '../../domain/tell-apart.js';
import { CONFIDENCE } from '../../domain/wilson-interval.js';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { type Row, type Share, scorecardsSql, shareOf } from './scorecard.js';
import { suppliesAt } from './supplies-at.js';
import { type AskedSuppliers, namesOf, run } from './view-suppliers.js';

export interface ComparedSupplier {
  supplier: { id: string; name: string | null };
  defects: Share;
  /** Suppliers whose intervals lie wholly above (worse) or below (better) this one's. */
  betterThan: string[];
  worseThan: string[];
}

export interface SuppliedItem {
  item: { id: string; name: string | null };
  /** Better (or worse) than every other supplier of the item; null where the record cannot tell. */
  best: string | null;
  worst: string | null;
  /** What can be said of it, in a sentence. */
  says: string;
  /** In order of the lower bound of the interval. */
  suppliers: ComparedSupplier[];
}

const says = (suppliers: readonly ComparedSupplier[], best: string | null, worst: string | null): string => {
  if (suppliers.length < 2) return 'only one supplier: there is nothing to compare';
  const told = [
    ...(best === null ? [] : [`${best} is better than every other`]),
    ...(worst === null ? [] : [`${worst} is worse than every other`]),
  ];
  if (told.length > 0) return told.join('; ');
  return suppliers.some(({ betterThan }) => betterThan.length > 0)
    ? 'the record tells some of them apart, but not one from all others: the intervals overlap'
    : 'the record cannot tell them apart: the intervals overlap';
};

/** Who of the suppliers of each item is better, as far as the record can tell. */
export const viewSuppliedItems = (
  pool: Pool,
  asked: AskedSuppliers,
): Promise<PageAt<SuppliedItem> & { confidence: number }> => {
  const limit = asked.limit ?? 100;
  const [after] = cursorKey(asked.cursor, 1);
  return readSnapshot(pool, EXPIRY, async (snapshot) => {
    const at = await suppliesAt(snapshot, asked.asOf);
    const rows = await run<Row>(snapshot, (bind) =>
      scorecardsSql(snapshot.schema, at, asked.filter, { byItem: true }, bind),
    );
    const byItem = [...Map.groupBy(rows, ({ item }) => item)]
      .flatMap(([item, of]) => (item === null || (after != null && item <= after) ? [] : [{ item, of }]))
      .sort((a, b) => (a.item < b.item ? -1 : 1));
    const { items, ...page } = pageOf(byItem.slice(0, limit + 1), limit, ({ item }) => [item]);
    const names = await namesOf(snapshot, at, {
      parties: items.flatMap(({ of }) => of.map(({ supplier }) => supplier)),
      items: items.map(({ item }) => item),
    });
    return {
      ...{ position: snapshot.position, confidence: CONFIDENCE },
      ...page,
      items: items.map(({ item, of }): SuppliedItem => {
        const judged = of.map((row) => {
          const defects = shareOf(row.defective, row.lots);
          return { supplier: row.supplier, defects, interval: defects.interval };
        });
        const { best, worst, suppliers } = tellApart(judged);
        const told = suppliers.map(({ supplier, defects, betterThan, worseThan }) => ({
          supplier: { id: supplier, name: names.party(supplier) },
          ...{ defects, betterThan, worseThan },
        }));
        return {
          item: { id: item, name: names.item(item) },
          ...{ best, worst, says: says(told, best, worst), suppliers: told },
        };
      }),
    };
  });
};
