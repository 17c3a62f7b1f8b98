import { baseUnitOf, decimal, type Decimal, decimalText, ZERO } from '#kernel';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { lotNamed } from '../lot-of.js';

/** One dimension: `made + received + unexplained + foundMore = consumed + onTheWay + onHand + scrapped + sold + foundLess`. */
export interface Balance {
  unit: string;
  made: string;
  received: string;
  /** Used beyond what the record accounts for. */
  unexplained: string;
  consumed: string;
  /** Shipped and not arrived, as far as the record goes. */
  onTheWay: string;
  onHand: string;
  scrapped: string;
  sold: string;
  /** What counts found: more (positive) or less than the record had. */
  adjusted: string;
  /** Both sides are equal. */
  balanced: boolean;
}

export interface MassBalance {
  position: string;
  lot: string;
  complete: boolean;
  balances: Balance[];
}

const TOTALS = (s: string): string => `
SELECT a.dimension, a.kind, sum(a.value)::text AS value FROM ${s}.accounts a JOIN ${s}.lots l USING (owner)
WHERE l.id = $1 GROUP BY a.dimension, a.kind ORDER BY a.dimension, a.kind`;

/** What came in against where it is or went. @throws LotlineError `lot-unknown` (404) */
export const massBalance = async (snapshot: Snapshot, lot: string, item?: string): Promise<MassBalance> => {
  const { client, schema, position } = snapshot;
  const node = await lotNamed(snapshot, lot, item);
  const { rows } = await client.query<{ dimension: string; kind: string; value: string }>(TOTALS(schema), [node.id]);
  return {
    position,
    lot: node.id,
    complete: (node.parked ?? []).length === 0,
    balances: [...Map.groupBy(rows, (row) => row.dimension)].map(([dimension, accounts]) => {
      const total = (kind: string): Decimal => decimal(accounts.find((row) => row.kind === kind)?.value ?? '0');
      const given = (kind: string): string => decimalText(total(kind).times('-1'));
      const taken = (kind: string): string => decimalText(total(kind));
      return {
        unit: baseUnitOf(dimension),
        made: given('made'),
        received: given('outside'),
        unexplained: given('unexplained'),
        consumed: taken('consumed'),
        onTheWay: taken('shipped'),
        onHand: taken('place'),
        scrapped: taken('scrapped'),
        sold: taken('sold'),
        adjusted: given('adjusted'),
        balanced: accounts.reduce((sum, row) => sum.plus(row.value), ZERO).eq(0),
      };
    }),
  };
};
