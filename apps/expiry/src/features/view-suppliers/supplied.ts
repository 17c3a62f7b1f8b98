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

/** What tells whether a row is a supply, and of which lot. */
const TELLING = [
  ...['owner', 'lot', 'sender', 'receiver', 'dimension', 'sent', 'received', 'outside', 'counts', 'counts_outside'],
  ...['receivers', 'left_at', 'received_at'],
];
/** What is added up of those that are. */
const COUNTED = [
  ...['item', 'received_on', 'days_left', 'due', 'late', 'rejected', 'failed', 'held', 'inspections'],
  'inspections_failed',
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

/** A row of ours, with a known sender, within what is asked for. */
const isSupply = (filter: SuppliedFilter, bind: Bind): string => {
  const asked: [string, string | undefined][] = [
    ['m.sender =', filter.supplier],
    ['m.item =', filter.item],
    ['m.received_on >=', filter.receivedFrom],
    ['m.received_on <=', filter.receivedTo],
  ];
  // Only what is used is bound.
  const ours = filter.ours.length === 0 ? '' : `${bind(filter.ours)}::text[]`;
  return [
    'm.sender IS NOT NULL AND m.received_on IS NOT NULL',
    ...(filter.ours.length === 0
      ? ['m.outside > 0']
      : [
          `m.received > 0 AND m.sender <> ALL (${ours}) AND (m.receiver IS NULL OR m.receiver = ANY (${ours}))`,
          `NOT EXISTS (SELECT FROM given b WHERE b.owner = m.owner AND b.receiver = m.sender AND b.left_at < m.left_at)`,
        ]),
    ...asked.flatMap(([condition, value]) => (value === undefined ? [] : [`${condition} ${bind(value)}`])),
  ].join(' AND ');
};

/**
 * SQL of common tables. `part` has what each supplier supplied of each lot, a row a receiver and dimension, of which one is
 * `counted`. `given` has what we gave to others: goods that come back from a party that we had sent that lot to are a return,
 * not a supply.
 */
export const suppliedSql = (
  schema: string,
  at: SuppliesAt,
  filter: SuppliedFilter,
  bind: Bind,
  more: readonly string[] = [],
): string => {
  const earlier = at.cut.position !== undefined || at.cut.eventTimeTo !== undefined;
  const ours = `${bind(filter.ours)}::text[]`;
  const narrowed = [
    ...(filter.supplier === undefined
      ? []
      : [`u.sender = ${bind(filter.supplier)} OR u.receiver = ${bind(filter.supplier)}`]),
    ...(filter.item === undefined ? [] : [`u.item = ${bind(filter.item)}`]),
  ].map((condition) => `AND (${condition})`);
  const [amount, counts] = filter.ours.length === 0 ? ['m.outside', 'm.counts_outside'] : ['m.received', 'm.counts'];
  return `
WITH moved AS ${earlier ? '' : 'NOT'} MATERIALIZED (
  SELECT * FROM (${at.rows([...TELLING, ...COUNTED, ...more], bind)}) u WHERE true ${narrowed.join(' ')}
), ${RECALLED(schema, at, bind)}, given AS MATERIALIZED (
  SELECT owner, receiver, dimension, max(item) AS item, sum(sent) AS sent, min(left_at) AS left_at FROM moved
  WHERE sender = ANY (${ours}) AND receiver <> ALL (${ours}) GROUP BY owner, receiver, dimension
), several AS MATERIALIZED (
  SELECT DISTINCT ON (m.owner, m.sender) m.owner, m.sender, m.receiver FROM moved m
  WHERE m.receivers > 1 AND ${counts} AND ${isSupply(filter, bind)}
  ORDER BY m.owner, m.sender, m.received_at, m.receiver
), part AS NOT MATERIALIZED (
  SELECT m.owner, m.lot, m.sender, m.dimension, ${[...COUNTED, ...more].map((column) => `m.${column}`).join(', ')},
    ${amount} AS amount, c.cases, m.rejected OR m.failed OR c.cases IS NOT NULL AS defective,
    ${counts} AND (s.owner IS NULL OR s.receiver IS NOT DISTINCT FROM m.receiver) AS counted
  FROM moved m LEFT JOIN recalled c USING (lot) LEFT JOIN several s ON s.owner = m.owner AND s.sender = m.sender
  WHERE ${isSupply(filter, bind)}
)`;
};

/** SQL of the common table `sent_back`: what of supplied lots went back to the supplier. @param suppliers SQL of a SELECT. */
export const sentBackSql = (filter: SuppliedFilter, suppliers: string, bind: Bind): string => `
sent_back AS MATERIALIZED (
  SELECT g.receiver AS sender, g.owner, g.item, g.dimension, g.sent FROM given g
  WHERE g.receiver IN (${suppliers})
    AND EXISTS (SELECT FROM moved m WHERE m.owner = g.owner AND m.sender = g.receiver AND ${isSupply(filter, bind)})
)`;

/** Lots that came to us from outside the record, of which it does not say from whom. */
export const unattributedSql = (at: SuppliesAt, filter: SuppliedFilter, bind: Bind): string => {
  const ours = `${bind(filter.ours)}::text[]`;
  const [from, to, item] = [filter.receivedFrom, filter.receivedTo, filter.item].map((value) => bind(value ?? null));
  return `
SELECT count(DISTINCT m.owner)::int AS lots FROM (${at.rows([...TELLING, ...COUNTED], bind)}) m
WHERE m.sender IS NULL AND m.outside > 0 AND (${ours} = '{}' OR m.receiver IS NULL OR m.receiver = ANY (${ours}))
  AND (${item}::text IS NULL OR m.item = ${item})
  AND (${from}::text IS NULL OR m.received_on >= ${from}) AND (${to}::text IS NULL OR m.received_on <= ${to})`;
};
