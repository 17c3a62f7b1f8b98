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

/**
 * A reference ties facts only where an act was commanded under it: many facts may name one order.
 * `down`: what the touched facts name, what shares an act or a transformation with them, and all that the units among
 * these ever held or other names of these: the things whose derived rows may change. `up`: the units that ever held any of those: their facts are
 * read when the things are folded. Both are locked; only `down` is refolded.
 */
const CLOSURE = (s: string): string => `
WITH RECURSIVE named AS (
  SELECT DISTINCT n.node, n.class FROM ${s}.incidence i JOIN ${s}.nodes n USING (node)
  WHERE i.fact = ANY ($1::bigint[]) AND n.class IN ('thing', 'act', 'transformation')
  UNION
  SELECT n.node, n.class FROM ${s}.nodes n WHERE n.node = ANY ($2::bigint[])
), tied AS (
  SELECT DISTINCT i.fact FROM named JOIN ${s}.incidence i USING (node)
  WHERE named.class = 'transformation'
     OR named.class = 'act' AND EXISTS (SELECT FROM ${s}.incidence c WHERE c.node = named.node AND c.commands)
), down(node) AS (
  SELECT node FROM named WHERE class = 'thing'
  UNION
  SELECT i.node FROM tied JOIN ${s}.incidence i USING (fact) JOIN ${s}.nodes n ON n.node = i.node AND n.class = 'thing'
), held(node) AS (
  SELECT node FROM down
  UNION
  SELECT e.node FROM held CROSS JOIN LATERAL (
    SELECT c.held FROM ${s}.containment c WHERE c.unit = held.node
    UNION ALL SELECT x.b FROM ${s}.same x WHERE x.a = held.node
  ) e(node)
), up(node) AS (
  SELECT node FROM held
  UNION
  SELECT e.node FROM up CROSS JOIN LATERAL (
    SELECT c.unit FROM ${s}.containment c WHERE c.held = up.node
    UNION ALL SELECT x.b FROM ${s}.same x WHERE x.a = up.node
  ) e(node)
)
SELECT node, true AS refold, true AS thing FROM held
UNION ALL
SELECT node, false, true FROM up WHERE node NOT IN (SELECT node FROM held)
UNION ALL
SELECT node, class = 'transformation', false FROM named WHERE class <> 'thing'`;

const LOCK_NODES = (s: string): string =>
  `SELECT node FROM ${s}.nodes WHERE node = ANY ($1::bigint[]) ORDER BY rank, node FOR UPDATE`;

export interface Affected {
  /** Lots, serials, units and pools to fold again. */
  things: string[];
  /** Transformations (by stated id) to fold again. */
  transformations: string[];
}

/**
 * Finds and locks what the touched facts can change: acts and transformations, then units, then lots, each in the order
 * of their numbers. While it waited, another worker may have tied more to it, so it looks again until nothing is new.
 * What is found late is locked out of order; should that deadlock, PostgreSQL ends one of the two and its batch is retried.
 * Everything read in a later statement of this transaction is then final for these nodes: whoever adds to them waits.
 */
export const lockAffected = async (
  client: Queryable,
  schema: string,
  touched: readonly string[],
  seeds: readonly string[] = [],
): Promise<Affected> => {
  const locked = new Set<string>();
  for (;;) {
    const { rows } = await client.query<{ node: string; refold: boolean; thing: boolean }>(CLOSURE(schema), [
      touched,
      seeds,
    ]);
    const wanted = rows.map((row) => row.node).filter((node) => !locked.has(node));
    if (wanted.length === 0)
      return {
        things: rows.filter((row) => row.refold && row.thing).map((row) => row.node),
        transformations: rows.filter((row) => row.refold && !row.thing).map((row) => row.node),
      };
    await client.query(LOCK_NODES(schema), [wanted]);
    for (const node of wanted) locked.add(node);
  }
};
