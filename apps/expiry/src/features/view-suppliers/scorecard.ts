import { type Amount, amountOf, decimal } from '#kernel';
import { type Interval, wilsonInterval } from '../../domain/wilson-interval.js';
import type { SuppliedFilter } from './supplied.js';
import { suppliedSql } from './supplied.js';
import type { Bind, SuppliesAt } from './supplies-at.js';

/** A share of lots (or inspections) and the interval that the record leaves for the true one; both null of nothing. */
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
  cases: string[] | null;
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
  const same = (a: string, b: string): string =>
    `${a}.sender = ${b}.sender AND ${a}.item IS NOT DISTINCT FROM ${b}.item`;
  const agreed = bind(agreedDaysLeft ?? null);
  return `${suppliedSql(schema, at, filter, bind)}, lot AS MATERIALIZED (
  SELECT sender, lot, max(item) AS item, min(received_on) AS received_on, bool_or(defective) AS defective,
    bool_or(rejected) AS rejected, bool_or(failed) AS failed, bool_or(held) AS held, bool_or(cases IS NOT NULL) AS recalled,
    max(inspections) AS inspections, max(inspections_failed) AS inspections_failed, min(days_left) AS days_left,
    bool_or(due) AS due, bool_or(late) AS late
  FROM part GROUP BY sender, lot
), card AS (
  SELECT l.sender, ${item('l')} AS item, count(*)::int AS lots, min(received_on) AS first, max(received_on) AS last,
    count(*) FILTER (WHERE defective)::int AS defective, count(*) FILTER (WHERE rejected)::int AS rejected,
    count(*) FILTER (WHERE failed)::int AS failed, count(*) FILTER (WHERE held)::int AS held,
    count(*) FILTER (WHERE recalled)::int AS recalled,
    sum(inspections)::int AS inspections, sum(inspections_failed)::int AS inspections_failed,
    count(days_left)::int AS dated, min(days_left) AS least, round(avg(days_left), 1)::text AS mean,
    count(*) FILTER (WHERE days_left < 0)::int AS expired, count(*) FILTER (WHERE days_left < ${agreed}::int)::int AS below,
    count(*) FILTER (WHERE due)::int AS due, count(*) FILTER (WHERE late)::int AS late
  FROM lot l GROUP BY 1, 2
), amount AS (
  SELECT sender, item, json_agg(json_build_object('dimension', dimension, 'received', received::text,
    'defective', defective::text) ORDER BY dimension) AS amounts
  FROM (SELECT p.sender, ${item('p')} AS item, dimension, sum(amount) AS received,
          coalesce(sum(amount) FILTER (WHERE defective), 0) AS defective
        FROM part p GROUP BY 1, 2, 3) t GROUP BY sender, item
), back AS (
  SELECT sender, item, json_agg(json_build_object('dimension', dimension, 'sent', sent::text) ORDER BY dimension) AS back
  FROM (SELECT b.sender, ${item('l')} AS item, b.dimension, sum(b.sent) AS sent
        FROM sent_back b JOIN lot l USING (sender, lot) GROUP BY 1, 2, 3) t GROUP BY sender, item
), caused AS (
  SELECT p.sender, ${item('p')} AS item, array_agg(DISTINCT c.id ORDER BY c.id) AS cases
  FROM part p CROSS JOIN LATERAL unnest(p.cases) c(id) GROUP BY 1, 2
)
SELECT c.sender AS supplier, c.*, a.amounts, b.back, r.cases FROM card c
LEFT JOIN amount a ON ${same('a', 'c')} LEFT JOIN back b ON ${same('b', 'c')} LEFT JOIN caused r ON ${same('r', 'c')}`;
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
  recalls: { cases: row.cases ?? [], lots: row.recalled },
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
