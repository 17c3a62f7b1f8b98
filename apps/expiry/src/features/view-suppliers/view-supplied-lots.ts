import { type Amount, amountOf, decimal } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot, type ReadSnapshot } from '#projections';
import type { Pool } from 'pg';
import type { Act } from '../../domain/supplies.js';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { sentBackSql, type SuppliedFilter, suppliedSql } from './supplied.js';
import { type Bind, suppliesAt, type SuppliesAt } from './supplies-at.js';
import { type AskedSuppliers, run } from './view-suppliers.js';
import type { ONLY } from './view-suppliers.dto.js';

export type Only = (typeof ONLY)[number];

/** A lot of a supplier, with all that its numbers count of it. */
export interface SuppliedLot {
  lot: string;
  item: string | null;
  lotCode: string | null;
  supplierLot: string | null;
  receivedOn: string;
  received: Amount[];
  sentBack: Amount[];
  /** Why it counts as defective; [] where it does not. */
  defects: ('rejected' | 'failed' | 'recalled')[];
  held: boolean;
  inspections: { recorded: number; failed: number };
  recalls: string[];
  daysLeft: number | null;
  /** Null where no due time was stated. */
  late: boolean | null;
  /** The events that say so, in order of time; recalls are named by their cases. */
  acts: Act[];
}

interface Row {
  lot: string;
  item: string | null;
  lot_code: string | null;
  supplier_lot: string | null;
  received_on: string;
  rejected: boolean;
  failed: boolean;
  held: boolean;
  inspections: number;
  inspections_failed: number;
  cases: string[] | null;
  days_left: number | null;
  due: boolean;
  late: boolean;
  amounts: { dimension: string; value: string }[];
  back: { dimension: string; value: string }[] | null;
  acts: Act[][];
}

const WHERE: Readonly<Record<Only, string>> = {
  defective: 'defective',
  rejected: 'rejected',
  inspected: 'inspections > 0',
  failed: 'failed',
  held: 'held',
  recalled: 'cases IS NOT NULL',
  dated: 'days_left IS NOT NULL',
  expired: 'days_left < 0',
  'below-agreed': 'days_left < $agreed::int',
  due: 'due',
  late: 'late',
  'sent-back': 'back IS NOT NULL',
};

// Times are those of the row that counts: what the scorecard counts is listed.
const lotsSql = (filter: SuppliedFilter, bind: Bind): string => `, lot AS (
  SELECT p.owner, max(p.lot) AS lot, max(p.item) AS item, max(p.lot_code) AS lot_code, max(p.supplier_lot) AS supplier_lot,
    min(p.received_on) FILTER (WHERE counted) AS received_on, bool_or(defective) AS defective,
    bool_or(rejected) AS rejected, bool_or(failed) AS failed, bool_or(held) AS held, max(inspections) AS inspections,
    max(inspections_failed) AS inspections_failed, min(days_left) FILTER (WHERE counted) AS days_left,
    bool_or(due AND counted) AS due, bool_or(late AND counted) AS late,
    json_agg(json_build_object('dimension', dimension, 'value', amount::text) ORDER BY dimension) AS amounts,
    json_agg(acts) AS acts
  FROM part p GROUP BY p.owner
), ${sentBackSql(filter, `SELECT ${bind(filter.supplier ?? null)}::text`, bind)}, returned AS (
  SELECT owner, json_agg(json_build_object('dimension', dimension, 'value', sent::text) ORDER BY dimension) AS back
  FROM sent_back GROUP BY owner
), told AS (
  SELECT l.*, r.cases, b.back FROM lot l LEFT JOIN recalled r USING (lot) LEFT JOIN returned b USING (owner)
)`;

const amounts = (rows: readonly { dimension: string; value: string }[]): Amount[] =>
  [...Map.groupBy(rows, ({ dimension }) => dimension)].map(([dimension, of]) =>
    amountOf(
      of.map(({ value }) => decimal(value)).reduce((a, b) => a.plus(b)),
      dimension,
    ),
  );

const actsOf = (lists: readonly Act[][]): Act[] =>
  [...new Map(lists.flat().map((act) => [JSON.stringify(act), act])).values()].sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.event < b.event ? -1 : 1,
  );

const suppliedLot = (row: Row): SuppliedLot => ({
  lot: row.lot,
  item: row.item,
  lotCode: row.lot_code,
  supplierLot: row.supplier_lot,
  receivedOn: row.received_on,
  received: amounts(row.amounts),
  sentBack: amounts(row.back ?? []),
  defects: [
    ...(row.rejected ? (['rejected'] as const) : []),
    ...(row.failed ? (['failed'] as const) : []),
    ...(row.cases === null ? [] : (['recalled'] as const)),
  ],
  held: row.held,
  inspections: { recorded: row.inspections, failed: row.inspections_failed },
  recalls: row.cases ?? [],
  daysLeft: row.days_left,
  late: row.due ? row.late : null,
  acts: actsOf(row.acts),
});

/** What a page of lots is asked by: the key of the last row of the page before, and how many rows at most. */
interface AskedLots extends Pick<AskedSuppliers, 'filter' | 'agreedDaysLeft'> {
  only?: Only | undefined;
  after?: readonly (string | null)[] | undefined;
  limit: number;
}

/** Rows in order of receipt. */
export const lotsOf = (
  snapshot: ReadSnapshot,
  at: SuppliesAt,
  { filter, agreedDaysLeft, only, after, limit }: AskedLots,
): Promise<Row[]> =>
  run<Row>(snapshot, (bind) => {
    const tables = suppliedSql(snapshot.schema, at, filter, bind, ['lot_code', 'supplier_lot', 'acts']);
    const which = only === undefined ? 'true' : WHERE[only].replace('$agreed', () => bind(agreedDaysLeft));
    const [day, lot] = [bind(after?.[0] ?? null), bind(after?.[1] ?? null)];
    return `${tables}${lotsSql(filter, bind)} SELECT * FROM told WHERE ${which}
      AND (${day}::text IS NULL OR (received_on, lot) > (${day}, ${lot}::text))
      ORDER BY received_on, lot LIMIT ${bind(limit)}`;
  });

/** The lots that a supplier's numbers are made of, in order of receipt. */
export const viewSuppliedLots = (
  pool: Pool,
  asked: AskedSuppliers,
  only: Only | undefined,
): Promise<PageAt<SuppliedLot>> => {
  const limit = asked.limit ?? 100;
  const after = cursorKey(asked.cursor, 2);
  return readSnapshot(pool, EXPIRY, async (snapshot) => {
    const at = await suppliesAt(snapshot, asked.asOf);
    const rows = await lotsOf(snapshot, at, { ...asked, only, after, limit: limit + 1 });
    const { items, ...page } = pageOf(rows, limit, (row) => [row.received_on, row.lot]);
    return { position: snapshot.position, ...page, items: items.map(suppliedLot) };
  });
};
