import { type Amount, amountOf, decimal } from '#kernel';
import { type Interval, wilsonInterval } from '../../domain/wilson-interval.js';
import type { SuppliedFilter } from './supplied.js';
import { sentBackSql, suppliedSql } from './supplied.js';
import type { Bind, SuppliesAt } from './supplies-at.js';

/**
 * A share of lots (or inspections), null of none, and the interval that the record leaves for the true one: of none, all of it.
 */
export interface Share {
  count: number;
  of: number;
  share: number | null;
  interval: Interval;
}

export const shareOf = (count: number, of: number): Share => ({
  ...{ count, of, share: of === 0 ? null : count / of, interval: wilsonInterval(count, of) },
});

export interface SuppliedAmount {
  received: Amount;
  /** Of the lots that are defective, all that was received of them. */
  defective: Amount;
  share: number | null;
}

/** What became of the lots of a supplier (and of one item, where asked by item). */
export interface Scorecard {
  lots: number;
  firstReceived: string;
  lastReceived: string;
  /** Lots that were rejected, failed an inspection and were not released after, or were suspects of a recall. */
  defects: Share;
  /** The same by quantity, an entry a dimension: exact, and no sample, so without an interval. */
  amounts: SuppliedAmount[];
  /** Lots whose last quality decision is a rejection. */
  rejected: Share;
  /** Inspections of its lots with a result, and those of them that failed. */
  inspections: Share;
  /** Lots with a failed inspection that nobody released after. */
  failedLots: number;
  /** Lots that were ever held, for another reason than a recall. */
  held: number;
  recalls: { cases: string[]; lots: number };
  /** Days from the day of the first receipt to the expiry date, else the best-before date. */
  shelfLife: {
    /** Lots of which both are known. */
    lots: number;
    leastDaysLeft: number | null;
    meanDaysLeft: number | null;
    /** Past their date when they came. */
    expired: number;
    /** Only where an agreed number of days was asked for: lots that came with fewer. */
    belowAgreed?: Share & { agreedDaysLeft: number };
  };
  /** Lots that came with a stated due time; those of which the first came after it. */
  late: Share;
  /** What of these lots we sent back to the supplier. */
  sentBack: Amount[];
}

export interface Row {
  supplier: string;
  item: string | null;
  lots: number;
  first: string;
  last: string;
  defective: number;
  rejected: number;
  failed: number;
  held: number;
  recalled: number;
  inspections: number;
  inspections_failed: number;
  dated: number;
  least: number | null;
  mean: string | null;
  expired: number;
  below: number;
  due: number;
  late: number;
  amounts: { dimension: string; received: string; defective: string }[] | null;
  back: { dimension: string; sent: string }[] | null;
  /** One list a lot, by dimension. */
  cases: string[][][] | null;
}

/** One grouped pass over the rows: by supplier, or by supplier and item. */
export const scorecardsSql = (
  schema: string,
  at: SuppliesAt,
  filter: SuppliedFilter,
  { byItem, agreedDaysLeft }: { byItem: boolean; agreedDaysLeft?: number | undefined },
  bind: Bind,
): string => {
  const item = (of: string): string => (byItem ? `${of}.item` : 'NULL::text');
  const agreed = bind(agreedDaysLeft ?? null);
  const counted = (condition?: string): string =>
    `count(*) FILTER (WHERE counted${condition === undefined ? '' : ` AND ${condition}`})`;
  const total = (...columns: string[]): string =>
    columns.map((column) => `sum(${column})::int AS ${column}`).join(', ');
  return `${suppliedSql(schema, at, filter, bind)}, slice AS (
  SELECT p.sender, ${item('p')} AS item, dimension, sum(amount) AS received,
    coalesce(sum(amount) FILTER (WHERE defective), 0) AS bad, json_agg(cases) FILTER (WHERE cases IS NOT NULL) AS cases,
    min(received_on) FILTER (WHERE counted) AS first, max(received_on) FILTER (WHERE counted) AS last,
    ${counted()} AS lots, ${counted('defective')} AS defective, ${counted('rejected')} AS rejected,
    ${counted('failed')} AS failed, ${counted('held')} AS held, ${counted('cases IS NOT NULL')} AS recalled,
    coalesce(sum(inspections) FILTER (WHERE counted), 0) AS inspections,
    coalesce(sum(inspections_failed) FILTER (WHERE counted), 0) AS inspections_failed,
    ${counted('days_left IS NOT NULL')} AS dated, min(days_left) FILTER (WHERE counted) AS least,
    sum(days_left) FILTER (WHERE counted) AS days, ${counted('days_left < 0')} AS expired,
    ${counted(`days_left < ${agreed}::int`)} AS below, ${counted('due')} AS due, ${counted('late')} AS late
  FROM part p GROUP BY 1, 2, 3
), card AS MATERIALIZED (
  SELECT sender, item, min(first) AS first, max(last) AS last, min(least) AS least,
    round(sum(days)::numeric / nullif(sum(dated), 0), 1)::text AS mean,
    ${total('lots', 'defective', 'rejected', 'failed', 'held', 'recalled', 'inspections', 'inspections_failed')},
    ${total('dated', 'expired', 'below', 'due', 'late')}, json_agg(cases) FILTER (WHERE cases IS NOT NULL) AS cases,
    json_agg(json_build_object('dimension', dimension, 'received', received::text, 'defective', bad::text)
      ORDER BY dimension) AS amounts
  FROM slice GROUP BY sender, item
), ${sentBackSql(filter, 'SELECT sender FROM card', bind)}, back AS (
  SELECT sender, item, json_agg(json_build_object('dimension', dimension, 'sent', sent::text) ORDER BY dimension) AS back
  FROM (SELECT b.sender, ${item('b')} AS item, b.dimension, sum(b.sent) AS sent FROM sent_back b GROUP BY 1, 2, 3) t
  GROUP BY sender, item
)
SELECT c.sender AS supplier, c.*, b.back FROM card c
LEFT JOIN back b ON b.sender = c.sender AND b.item IS NOT DISTINCT FROM c.item`;
};

const suppliedAmount = ({ dimension, received, defective }: NonNullable<Row['amounts']>[number]): SuppliedAmount => {
  const [all, bad] = [decimal(received), decimal(defective)];
  return {
    received: amountOf(all, dimension),
    defective: amountOf(bad, dimension),
    share: all.eq(0) ? null : Number(bad.div(all)),
  };
};

export const scorecardOf = (row: Row, agreedDaysLeft?: number): Scorecard => ({
  lots: row.lots,
  firstReceived: row.first,
  lastReceived: row.last,
  defects: shareOf(row.defective, row.lots),
  amounts: (row.amounts ?? []).map(suppliedAmount),
  rejected: shareOf(row.rejected, row.lots),
  inspections: shareOf(row.inspections_failed, row.inspections),
  failedLots: row.failed,
  held: row.held,
  recalls: { cases: [...new Set((row.cases ?? []).flat(2))].sort(), lots: row.recalled },
  shelfLife: {
    lots: row.dated,
    leastDaysLeft: row.least,
    meanDaysLeft: row.mean === null ? null : Number(row.mean),
    expired: row.expired,
    ...(agreedDaysLeft !== undefined && {
      belowAgreed: { agreedDaysLeft, ...shareOf(row.below, row.dated) },
    }),
  },
  late: shareOf(row.late, row.due),
  sentBack: (row.back ?? []).map(({ dimension, sent }) => amountOf(decimal(sent), dimension)),
});
