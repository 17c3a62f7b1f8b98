import type { Happening } from '../happening.js';
import { prepared } from './prepared.js';
import { arrayText, type Queryable } from './unnest.js';

/**
 * Whoever changes what facts mean as a whole (declarations and corrections, master data, aliases) works alone; all others
 * share. The lock is taken before anything else and held until the end of the transaction, so a declaration never misses
 * an original that another worker has inserted and not yet committed, nor master data a lot that touches its place.
 *
 * For the rest of the transaction statements are planned for looking up a few rows by index. The planner knows neither how
 * many rows an array has nor, on tables that are minutes old, how large they are: left to itself it reads whole tables for
 * a batch, and keeps that plan while they grow. Compiling the expressions of a statement takes longer than running it.
 */
const LOCK_MODEL = (exclusive: boolean): string =>
  `SELECT pg_advisory_xact_lock${exclusive ? '' : '_shared'}(hashtextextended($1, 0)),
     set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
     set_config('jit', 'off', true)`;

export const lockModel = async (client: Queryable, schema: string, exclusive: boolean): Promise<void> => {
  await client.query(prepared(LOCK_MODEL(exclusive), [`lotline fact store ${schema}`]));
};

// The planner takes a recursion for a thousand times what it starts from, and clears a hash table for so many: through an
// array it forgets that.
const inArray = (cte: string): string => `(SELECT unnest(ARRAY (SELECT node FROM ${cte})) AS node)`;

/** One step from units and serials to what is in them (`down`) or back (`up`); between names of one lot both ways. */
const edges = (s: string, from: string, way: 'up' | 'down'): string => {
  const step = (table: string, upper: string, lower: string): string =>
    way === 'down'
      ? `SELECT e.${lower} FROM ${s}.${table} e WHERE e.${upper} = ${from}.node`
      : `SELECT e.${upper} FROM ${s}.${table} e WHERE e.${lower} = ${from}.node`;
  return `SELECT edge.node FROM ${from} CROSS JOIN LATERAL (
    ${step('containment', 'unit', 'held')} UNION ALL ${step('membership', 'serial', 'lot')} UNION ALL SELECT e.b FROM ${s}.same e WHERE e.a = ${from}.node
  ) edge(node)`;
};

/**
 * Rows of incidence for each row of `from`, one look-up each: OFFSET keeps the planner from turning the join round, which
 * it does where it believes one of the tables to be small.
 */
export const incidenceOf = (s: string, from: string, by: 'fact' | 'node', where = ''): string => `
  ${from} f CROSS JOIN LATERAL (SELECT * FROM ${s}.incidence i WHERE i.${by} = f.${by} ${where} OFFSET 0) i`;

/** What ties facts together. A reference does so only where an act was commanded under it: many facts may name one order. */
export const TYING = (s: string, from: string): string => `
  SELECT DISTINCT t.node FROM (SELECT DISTINCT node, class FROM ${from} WHERE class IN ('act', 'transformation', 'shipment')) t
  WHERE t.class <> 'act' OR (SELECT c.commands FROM ${s}.incidence c WHERE c.node = t.node AND c.commands LIMIT 1)`;

/**
 * `held`: what the touched facts name, what shares a commanded act, a transformation or a shipment with them, what was made from lots
 * whose production date they state, and all that the units among these ever held, the lots that serials among these state,
 * and other names of these: the things whose derived rows may change. `up`: the units that ever held any of those, and
 * their serials: the things whose facts are read when they are folded. Both are locked; only `held` is folded again.
 */
const CLOSURE = (s: string): string => `
WITH RECURSIVE touched AS MATERIALIZED (
  SELECT i.node, i.class, i.dates FROM ${incidenceOf(s, '(SELECT unnest($1::bigint[]) AS fact)', 'fact')}
), tying AS MATERIALIZED (${TYING(s, 'touched')}
), tied AS MATERIALIZED (
  SELECT i.fact FROM ${incidenceOf(s, 'tying', 'node')} EXCEPT SELECT unnest($1::bigint[])
), mention AS MATERIALIZED (
  SELECT node, class, dates FROM touched
  UNION ALL SELECT i.node, i.class, i.dates FROM ${incidenceOf(s, 'tied', 'fact')}
), dated(node) AS (
  SELECT node FROM mention WHERE dates
  UNION
  ${edges(s, 'dated', 'up')}
), dated_fact AS MATERIALIZED (
  SELECT DISTINCT i.fact FROM ${incidenceOf(s, inArray('dated'), 'node')}
), dependent AS MATERIALIZED (
  SELECT DISTINCT i.node FROM ${incidenceOf(s, 'dated_fact', 'fact', `AND i.class = 'transformation'`)}
), dependent_fact AS MATERIALIZED (
  SELECT DISTINCT i.fact FROM ${incidenceOf(s, 'dependent', 'node')}
), held(node) AS (
  (SELECT node FROM mention WHERE class = 'thing'
   UNION SELECT i.node FROM ${incidenceOf(s, 'dependent_fact', 'fact', `AND i.class = 'thing'`)})
  UNION
  ${edges(s, 'held', 'down')}
), up(node) AS (
  SELECT node FROM ${inArray('held')} h
  UNION
  ${edges(s, 'up', 'up')}
), wanted(node) AS MATERIALIZED (
  SELECT node FROM ${inArray('up')} u
  UNION SELECT node FROM touched WHERE class IN ('act', 'transformation', 'shipment')
  UNION SELECT node FROM dependent
)`;

const LOCK_AFFECTED = (s: string): string => `${CLOSURE(s)}
SELECT n.node, n.id, n.class, n.node IN (SELECT node FROM held) AS fold
FROM ${s}.nodes n WHERE n.node = ANY (ARRAY (SELECT node FROM wanted))
ORDER BY n.rank, n.node FOR UPDATE OF n`;

/** What is affected now, and what stands of it: all that names it, and what is tied to that. */
const READ_AFFECTED = (s: string): string => `${CLOSURE(s)}
, naming AS MATERIALIZED (
  SELECT DISTINCT i.fact FROM ${incidenceOf(
    s,
    `(SELECT node FROM ${inArray('up')} u UNION SELECT node FROM touched WHERE class = 'transformation' UNION SELECT node FROM dependent)`,
    'node',
  )}
), named AS MATERIALIZED (
  SELECT i.node, i.class FROM ${incidenceOf(s, 'naming', 'fact', `AND i.class IN ('act', 'transformation', 'shipment')`)}
), tying_those AS MATERIALIZED (${TYING(s, 'named')}
), told AS MATERIALIZED (
  SELECT fact FROM naming UNION SELECT i.fact FROM ${incidenceOf(s, 'tying_those', 'node')}
)
SELECT ARRAY (SELECT node FROM wanted) AS nodes, EXISTS (SELECT FROM ${s}.aliases) AS aliased, NULL::json AS happenings
UNION ALL
SELECT NULL, NULL, standing.happenings FROM told CROSS JOIN LATERAL (
  SELECT f.happenings FROM ${s}.facts f
  WHERE f.fact = told.fact AND NOT f.declaration AND f.voided_at IS NULL OFFSET 0
) standing`;

/** A thing (lot, serial, unit, pool) or a transformation, by the number that stands for it in this model. */
export interface Node {
  node: string;
  id: string;
}

export interface Affected {
  /** Lots, serials, units and pools to fold again. */
  things: readonly Node[];
  /** Transformations (by stated id) to fold again. */
  transformations: readonly Node[];
  /** All that stands in the record about them, names as they were reported. */
  happenings: readonly Happening[];
  /** Whether anything goes by another name. */
  aliased: boolean;
}

interface ReadRow {
  nodes: string[] | null;
  aliased: boolean | null;
  happenings: Happening[] | null;
}

/**
 * Finds and locks what the touched facts can change: what ties facts together, then units, then lots, each in the order
 * of their numbers. While it waited, another worker may have tied more to it, so it looks again until nothing is new.
 * What is found late is locked out of order; should that deadlock, PostgreSQL ends one of the two and its batch is retried.
 * What it reads in the later statement is then final for these nodes: whoever adds to them waits.
 */
export const lockAffected = async (
  client: Queryable,
  schema: string,
  touched: readonly string[],
): Promise<Affected> => {
  const facts = arrayText('bigint', touched);
  for (;;) {
    const { rows: locked } = await client.query<Node & { class: string; fold: boolean }>(
      prepared(LOCK_AFFECTED(schema), [facts]),
    );
    const { rows } = await client.query<ReadRow>(prepared(READ_AFFECTED(schema), [facts]));
    const known = new Set(locked.map((row) => row.node));
    const { nodes, aliased } = rows.find((row) => row.nodes !== null) ?? { nodes: [], aliased: false };
    if (nodes?.some((node) => !known.has(node))) continue;
    return {
      things: locked.filter((row) => row.fold),
      transformations: locked.filter((row) => row.class === 'transformation'),
      happenings: rows.flatMap((row) => (row.happenings ?? []).filter((h) => h.voids === undefined)),
      aliased: aliased === true,
    };
  }
};
