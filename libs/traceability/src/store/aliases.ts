import type { Happening, Thing } from '../happening.js';
import type { Cut } from './cut.js';
import { columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

/** Facts of these types say that ids name one lot, or do not after all. */
const IDENTIFIES = 'LotsIdentified';
const SEPARATES = 'LotsSeparated';

/** Of table `facts`; an index has these (`schema.ts`). */
export const ALIAS_FACTS = `type IN ('${IDENTIFIES}', '${SEPARATES}')`;

/** Ids that stand for another, and the one that stands for all: the first of them in order of text. */
export type Aliases = ReadonlyMap<string, string>;

// Pairs that were ever identified, standing or not, both ways round: what an alias fact may tie or untie.
const INSERT_SAME = (s: string): string => `
INSERT INTO ${s}.same (a, b)
SELECT DISTINCT x.node, y.node FROM ${s}.facts f
JOIN ${s}.incidence x USING (fact) JOIN ${s}.nodes nx ON nx.node = x.node AND nx.class = 'thing'
JOIN ${s}.incidence y USING (fact) JOIN ${s}.nodes ny ON ny.node = y.node AND ny.class = 'thing'
WHERE f.fact = ANY ($1::bigint[]) AND f.type = '${IDENTIFIES}' AND x.node <> y.node
ON CONFLICT DO NOTHING`;

const COMPONENT_FACTS = (s: string): string => `
WITH RECURSIVE member(node) AS (
  SELECT i.node FROM ${s}.incidence i JOIN ${s}.same e ON e.a = i.node WHERE i.fact = ANY ($1::bigint[])
  UNION
  SELECT e.b FROM member m JOIN ${s}.same e ON e.a = m.node
)
SELECT n.id, i.fact FROM member m JOIN ${s}.nodes n USING (node) JOIN ${s}.incidence i USING (node)
JOIN ${s}.facts f USING (fact) WHERE ${ALIAS_FACTS}`;

const ALIAS_COLUMNS: Columns = { id: 'text', stands_for: 'text' };

const READ_STANDING = (s: string): string => `
SELECT happenings FROM ${s}.facts
WHERE ${ALIAS_FACTS} AND NOT declaration
  AND ($1::bigint[] IS NULL OR fact = ANY ($1))
  AND ($2::text IS NULL OR recorded_at <= $2)
  AND (voided_at IS NULL OR voided_at > $2)`;

/** Of two statements about a pair the later by event time holds, ties by event id: independent of arrival. */
export const foldAliases = (happenings: readonly Happening[]): Map<string, string> => {
  const statements = happenings
    .flatMap((h) => (h.alias === undefined ? [] : [{ ...h.alias, time: h.time.key, id: h.id }]))
    .sort((x, y) => compare(x.time, y.time) || compare(x.id, y.id));
  const pairs = new Map<string, readonly [string, string, boolean]>();
  for (const { lots, apart } of statements) {
    const ids = [...new Set(lots)].sort(compare);
    ids.forEach((a, i) => {
      for (const b of ids.slice(i + 1)) pairs.set(`${a} ${b}`, [a, b, !apart]);
    });
  }
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    let at = id;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  for (const [a, b, same] of pairs.values()) {
    if (!same) continue;
    const [x, y] = [root(a), root(b)].sort(compare) as [string, string];
    if (x !== y) parent.set(y, x);
  }
  return new Map([...parent.keys()].map((id) => [id, root(id)]));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const FACTS_NAMING = (s: string): string => `
SELECT DISTINCT i.fact FROM ${s}.nodes n JOIN ${s}.incidence i USING (node)
WHERE n.class = 'thing' AND n.id = ANY ($1::text[])`;

/**
 * Brings the table of aliases up to date with what the touched facts say.
 * @returns facts that name a lot which may now go by another name.
 */
export const recordAliases = async (
  client: Queryable,
  schema: string,
  touched: readonly string[],
): Promise<string[]> => {
  await client.query(INSERT_SAME(schema), [touched]);
  const { rows } = await client.query<{ id: string; fact: string }>(COMPONENT_FACTS(schema), [touched]);
  if (rows.length === 0) return [];
  const members = [...new Set(rows.map((row) => row.id))];
  const standing = await client.query<{ happenings: Happening[] }>(READ_STANDING(schema), [
    [...new Set(rows.map((row) => row.fact))],
    null,
  ]);
  const aliases = foldAliases(standing.rows.flatMap((row) => row.happenings));
  await client.query(`DELETE FROM ${schema}.aliases WHERE id = ANY ($1::text[])`, [members]);
  await client.query(
    `INSERT INTO ${schema}.aliases (id, stands_for) SELECT * FROM ${unnestOf(ALIAS_COLUMNS)}`,
    columnArrays(
      ALIAS_COLUMNS,
      [...aliases].map(([id, stands_for]) => ({ id, stands_for })),
    ),
  );
  return (await client.query<{ fact: string }>(FACTS_NAMING(schema), [members])).rows.map((row) => row.fact);
};

/** Every alias as it was known at a cut. */
export const readAliasesAt = async (client: Queryable, schema: string, cut: Cut): Promise<Aliases> => {
  const { rows } = await client.query<{ happenings: Happening[] }>(READ_STANDING(schema), [null, cut.position ?? null]);
  const upTo = cut.eventTimeTo;
  return foldAliases(rows.flatMap((row) => row.happenings).filter((h) => upTo === undefined || h.time.key <= upTo));
};

/** Present aliases among these ids, and of all that stand for the same lots. */
export const readAliases = async (client: Queryable, schema: string, ids: readonly string[]): Promise<Aliases> => {
  const { rows } = await client.query<{ id: string; stands_for: string }>(
    `SELECT a.id, a.stands_for FROM ${schema}.aliases a WHERE a.id = ANY ($1::text[]) OR a.stands_for = ANY ($1::text[])
     UNION
     SELECT b.id, b.stands_for FROM ${schema}.aliases a JOIN ${schema}.aliases b USING (stands_for) WHERE a.id = ANY ($1::text[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.stands_for]));
};

/** The happening with every lot under the name that stands for it. */
export const resolved = (happening: Happening, aliases: Aliases): Happening => {
  if (aliases.size === 0) return happening;
  const name = (id: string): string => aliases.get(id) ?? id;
  const thing = (t: Thing): Thing => ({ ...t, id: name(t.id), ...(t.lot !== undefined && { lot: name(t.lot) }) });
  return {
    ...happening,
    things: happening.things.map(thing),
    ...(happening.outputs && { outputs: happening.outputs.map(thing) }),
    ...(happening.parent !== undefined && { parent: name(happening.parent) }),
    ...(happening.dates && {
      dates: Object.fromEntries(
        Object.entries(happening.dates)
          // Where two names state dates in one event, the standing name's own win.
          .sort(([a]) => (aliases.has(a) ? -1 : 1))
          .map(([id, dates]) => [name(id), dates]),
      ),
    }),
  };
};
