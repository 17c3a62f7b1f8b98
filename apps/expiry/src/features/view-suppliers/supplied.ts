import type { Bind, SuppliesAt } from './supplies-at.js';

/** What a list is about; canonical ids. */
export interface SuppliedFilter {
  /** The organisation's own parties; none: all are ours, and only what came from outside the record was supplied. */
  ours: readonly string[];
  supplier?: string | undefined;
  item?: string | undefined;
  /** Calendar days, each included. */
  receivedFrom?: string | undefined;
  receivedTo?: string | undefined;
}

/** Columns that scorecards are added up from. */
export const COUNTED = [
  ...['lot', 'item', 'sender', 'receiver', 'dimension', 'sent', 'received', 'outside', 'left_at', 'received_at'],
  ...['received_on', 'days_left', 'due', 'late', 'rejected', 'failed', 'held', 'inspections', 'inspections_failed'],
];

/**
 * Suspects of cases that are no drills and that no decision took out, whatever became of the case. A lot goes by the name
 * the case has of it and by the one it has now.
 */
const RECALLED = (s: string, { cut, aliases }: SuppliesAt, bind: Bind): string => {
  const [position, time] = [bind(cut.position ?? null), bind(cut.eventTimeTo ?? null)];
  return `
mark AS MATERIALIZED (
  SELECT case_id, lot, mark FROM ${s}.recall_marks
  WHERE (${position}::text IS NULL OR recorded_at <= ${position}) AND (${time}::text IS NULL OR time_key <= ${time})
), alias AS MATERIALIZED (SELECT id, stands_for FROM ${aliases(bind)} a
), recalled AS MATERIALIZED (
  SELECT id AS lot, array_agg(DISTINCT case_id ORDER BY case_id) AS cases FROM (
    SELECT m.case_id, name.id FROM mark m LEFT JOIN alias a ON a.id = m.lot
    CROSS JOIN LATERAL (VALUES (m.lot), (a.stands_for)) name(id)
    WHERE m.mark = 'suspect' AND name.id IS NOT NULL
      AND NOT EXISTS (SELECT FROM mark d WHERE d.case_id = m.case_id AND d.mark = 'drill')
      AND NOT EXISTS (SELECT FROM mark x LEFT JOIN alias y ON y.id = x.lot
                      WHERE x.case_id = m.case_id AND x.mark = 'excluded'
                        AND coalesce(y.stands_for, x.lot) = coalesce(a.stands_for, m.lot))
  ) suspects GROUP BY id
)`;
};

/**
 * SQL of common tables: `part`, what each supplier supplied of each lot, and `sent_back`, what of that went back to it.
 * Goods that come back from a party that we had sent that lot to are a return, not a supply.
 */
export const suppliedSql = (
  schema: string,
  at: SuppliesAt,
  filter: SuppliedFilter,
  bind: Bind,
  more: readonly string[] = [],
): string => {
  const ours = `${bind(filter.ours)}::text[]`;
  const [supplier, item] = [bind(filter.supplier ?? null), bind(filter.item ?? null)];
  const [from, to] = [bind(filter.receivedFrom ?? null), bind(filter.receivedTo ?? null)];
  return `
WITH moved AS MATERIALIZED (
  SELECT * FROM (${at.rows([...COUNTED, ...more], bind)}) u WHERE true
  ${filter.supplier === undefined ? '' : `AND (u.sender = ${supplier} OR u.receiver = ${supplier})`}
  ${filter.item === undefined ? '' : `AND u.item = ${item}`}
), ${RECALLED(schema, at, bind)}, given AS MATERIALIZED (
  SELECT lot, receiver, dimension, sum(sent) AS sent, min(left_at) AS left_at FROM moved
  WHERE sender = ANY (${ours}) AND receiver <> ALL (${ours}) GROUP BY lot, receiver, dimension
), part AS MATERIALIZED (
  SELECT m.*, CASE WHEN ${ours} = '{}' THEN m.outside ELSE m.received END AS amount, c.cases,
    m.rejected OR m.failed OR c.cases IS NOT NULL AS defective
  FROM moved m LEFT JOIN recalled c USING (lot)
  WHERE m.sender IS NOT NULL AND m.received_on IS NOT NULL
    AND CASE WHEN ${ours} = '{}' THEN m.outside > 0
        ELSE m.received > 0 AND m.sender <> ALL (${ours}) AND (m.receiver IS NULL OR m.receiver = ANY (${ours})) END
    AND NOT EXISTS (SELECT FROM given g WHERE g.lot = m.lot AND g.receiver = m.sender AND g.left_at < m.left_at)
    AND (${supplier}::text IS NULL OR m.sender = ${supplier}) AND (${item}::text IS NULL OR m.item = ${item})
    AND (${from}::text IS NULL OR m.received_on >= ${from}) AND (${to}::text IS NULL OR m.received_on <= ${to})
), sent_back AS (
  SELECT g.receiver AS sender, g.lot, g.dimension, g.sent FROM given g
  WHERE EXISTS (SELECT FROM part p WHERE p.lot = g.lot AND p.sender = g.receiver)
)`;
};

/** Lots that came to us from outside the record, of which it does not say from whom. */
export const unattributedSql = (at: SuppliesAt, filter: SuppliedFilter, bind: Bind): string => {
  const ours = `${bind(filter.ours)}::text[]`;
  const [from, to, item] = [filter.receivedFrom, filter.receivedTo, filter.item].map((value) => bind(value ?? null));
  return `
SELECT count(DISTINCT m.lot)::int AS lots FROM (${at.rows(COUNTED, bind)}) m
WHERE m.sender IS NULL AND m.outside > 0 AND (${ours} = '{}' OR m.receiver IS NULL OR m.receiver = ANY (${ours}))
  AND (${item}::text IS NULL OR m.item = ${item})
  AND (${from}::text IS NULL OR m.received_on >= ${from}) AND (${to}::text IS NULL OR m.received_on <= ${to})`;
};
