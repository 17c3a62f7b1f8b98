import { type Amount, amountOf, decimal } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot } from '#projections';
import type { Pool } from 'pg';
import type { Act } from '../../domain/supplies.js';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { suppliedSql } from './supplied.js';
import { suppliesAt } from './supplies-at.js';
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

const LOTS = `, lot AS (
  SELECT p.lot, max(p.item) AS item, max(p.lot_code) AS lot_code, max(p.supplier_lot) AS supplier_lot,
    min(p.received_on) AS received_on, bool_or(defective) AS defective, bool_or(rejected) AS rejected,
    bool_or(failed) AS failed, bool_or(held) AS held, max(inspections) AS inspections,
    max(inspections_failed) AS inspections_failed,
    min(days_left) AS days_left, bool_or(due) AS due, bool_or(late) AS late,
    json_agg(json_build_object('dimension', dimension, 'value', amount::text) ORDER BY dimension) AS amounts,
    json_agg(acts) AS acts
  FROM part p GROUP BY p.lot
), returned AS (
  SELECT lot, json_agg(json_build_object('dimension', dimension, 'value', sent::text) ORDER BY dimension) AS back
  FROM sent_back GROUP BY lot
), told AS (
  SELECT l.*, r.cases, b.back FROM lot l LEFT JOIN recalled r USING (lot) LEFT JOIN returned b USING (lot)
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

/** The lots that a supplier's numbers are made of, in order of receipt. */
export const viewSuppliedLots = (
  pool: Pool,
  asked: AskedSuppliers,
  only: Only | undefined,
): Promise<PageAt<SuppliedLot>> => {
  const limit = asked.limit ?? 100;
  const [day, lot] = cursorKey(asked.cursor, 2);
  return readSnapshot(pool, EXPIRY, async (snapshot) => {
    const at = await suppliesAt(snapshot, asked.asOf);
    const rows = await run<Row>(snapshot, (bind) => {
      const tables = suppliedSql(snapshot.schema, at, asked.filter, bind, ['lot_code', 'supplier_lot', 'acts']);
      const which = only === undefined ? 'true' : WHERE[only].replace('$agreed', () => bind(asked.agreedDaysLeft));
      const [onDay, after] = [bind(day ?? null), bind(lot ?? null)];
      return `${tables}${LOTS} SELECT * FROM told WHERE ${which}
        AND (${onDay}::text IS NULL OR (received_on, lot) > (${onDay}, ${after}::text))
        ORDER BY received_on, lot LIMIT ${bind(limit + 1)}`;
    });
    const { items, ...page } = pageOf(rows, limit, (row) => [row.received_on, row.lot]);
    return { position: snapshot.position, ...page, items: items.map(suppliedLot) };
  });
};
