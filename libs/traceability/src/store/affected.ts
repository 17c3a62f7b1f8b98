import type { Queryable } from './unnest.js';

/**
 * Whoever changes what facts mean as a whole (declarations and corrections, master data, aliases) works alone; all others
 * share. The lock is taken before anything else and held until the end of the transaction, so a declaration never misses
 * an original that another worker has inserted and not yet committed, nor master data a lot that touches its place.
 */
const LOCK_MODEL = (exclusive: boolean): string =>
  `SELECT pg_advisory_xact_lock${exclusive ? '' : '_shared'}(hashtextextended($1, 0))`;

export const lockModel = async (client: Queryable, schema: string, exclusive: boolean): Promise<void> => {
  await client.query(LOCK_MODEL(exclusive), [`lotline fact store ${schema}`]);
};

/** One step from units and serials to what is in them (`down`) or back (`up`); between names of one lot both ways. */
const edges = (s: string, from: string, way: 'up' | 'down'): string => {
  const step = (table: string, upper: string, lower: string): string =>
    way === 'down'
      ? `SELECT e.${lower} FROM ${s}.${table} e WHERE e.${upper} = ${from}.node`
      : `SELECT e.${upper} FROM ${s}.${table} e WHERE e.${lower} = ${from}.node`;
  return `SELECT edge.node FROM ${from} CROSS JOIN LATERAL (
    ${step('containment', 'unit', 'held')} UNION ALL ${step('membership', 'serial', 'lot')} UNION ALL ${step('same', 'a', 'b')}
  ) edge(node)`;
};

/**
 * `held`: what the touched facts name, what shares a commanded act, a transformation or a shipment with them, what was made from lots
 * whose production date they state, and all that the units among these ever held, the lots that serials among these state,
 * and other names of these: the things whose derived rows may change. `up`: the units that ever held any of those, and
 * their serials: the things whose facts are read when they are folded. Both are locked; only `held` is folded again.
 *
 * A reference ties facts only where an act was commanded under it: many facts may name one order.
 */
const CLOSURE = (s: string): string => `
WITH RECURSIVE named AS (
  SELECT DISTINCT n.node, n.class FROM ${s}.incidence i JOIN ${s}.nodes n USING (node)
  WHERE i.fact = ANY ($1::bigint[]) AND n.class NOT IN ('place', 'item')
), tied AS (
  SELECT unnest($1::bigint[]) AS fact
  UNION
  SELECT i.fact FROM named JOIN ${s}.incidence i USING (node)
  WHERE named.class IN ('transformation', 'shipment')
     OR named.class = 'act' AND EXISTS (SELECT FROM ${s}.incidence c WHERE c.node = named.node AND c.commands)
), dated(node) AS (
  SELECT i.node FROM tied JOIN ${s}.incidence i USING (fact) WHERE i.dates
  UNION
  ${edges(s, 'dated', 'up')}
), dependent AS (
  SELECT DISTINCT n.node FROM dated JOIN ${s}.incidence i USING (node) JOIN ${s}.incidence t USING (fact)
  JOIN ${s}.nodes n ON n.node = t.node AND n.class = 'transformation'
), down(node) AS (
  SELECT i.node FROM tied JOIN ${s}.incidence i USING (fact) JOIN ${s}.nodes n ON n.node = i.node AND n.class = 'thing'
  UNION
  SELECT o.node FROM dependent d JOIN ${s}.incidence i ON i.node = d.node JOIN ${s}.incidence o USING (fact)
  JOIN ${s}.nodes n ON n.node = o.node AND n.class = 'thing'
), held(node) AS (
  SELECT node FROM down
  UNION
  ${edges(s, 'held', 'down')}
), up(node) AS (
  SELECT node FROM held
  UNION
  ${edges(s, 'up', 'up')}
)
SELECT node, 'fold' AS role FROM held
UNION ALL
SELECT node, 'read' FROM up WHERE node NOT IN (SELECT node FROM held)
UNION ALL
SELECT node, class FROM named WHERE class <> 'thing'
UNION ALL
SELECT node, 'transformation' FROM dependent WHERE node NOT IN (SELECT node FROM named)`;

const LOCK_NODES = (s: string): string =>
  `SELECT node FROM ${s}.nodes WHERE node = ANY ($1::bigint[]) ORDER BY rank, node FOR UPDATE`;

export interface Affected {
  /** Lots, serials, units and pools to fold again. */
  things: string[];
  /** Transformations (by stated id) to fold again. */
  transformations: string[];
}

/**
 * Finds and locks what the touched facts can change: what ties facts together, then units, then lots, each in the order
 * of their numbers. While it waited, another worker may have tied more to it, so it looks again until nothing is new.
 * What is found late is locked out of order; should that deadlock, PostgreSQL ends one of the two and its batch is retried.
 * Everything read in a later statement of this transaction is then final for these nodes: whoever adds to them waits.
 */
export const lockAffected = async (
  client: Queryable,
  schema: string,
  touched: readonly string[],
): Promise<Affected> => {
  const locked = new Set<string>();
  for (;;) {
    const { rows } = await client.query<{ node: string; role: string }>(CLOSURE(schema), [touched]);
    const wanted = rows.map((row) => row.node).filter((node) => !locked.has(node));
    if (wanted.length === 0)
      return {
        things: rows.filter((row) => row.role === 'fold').map((row) => row.node),
        transformations: rows.filter((row) => row.role === 'transformation').map((row) => row.node),
      };
    await client.query(LOCK_NODES(schema), [wanted]);
    for (const node of wanted) locked.add(node);
  }
};
