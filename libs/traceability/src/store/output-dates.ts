import type { LotDates } from '../happening.js';
import { type Dating, type Heritage, inheritDates } from './derive/dating.js';
import { prepared } from './prepared.js';
import { replaceRows } from './replace.js';
import { DATES } from './tables.js';
import { arrayText, type Queryable } from './unnest.js';

/** Locks lots whose dates follow, through inheritance alone, from these; most models have none, and look no further. */
const LOCK_HEIRS = (s: string): string => `
WITH RECURSIVE heir(lot) AS (
  SELECT v.id COLLATE "C" FROM unnest($1::text[]) AS v(id) WHERE EXISTS (SELECT FROM ${s}.dating WHERE inherits)
  UNION
  SELECT o.lot FROM heir
  CROSS JOIN LATERAL (SELECT i.owner, i.id FROM ${s}.legs i WHERE i.lot = heir.lot AND i.role = 'input' OFFSET 0) i
  CROSS JOIN LATERAL (SELECT o.lot FROM ${s}.legs o WHERE o.owner = i.owner AND o.id = i.id AND o.role = 'output' OFFSET 0) o
  WHERE (SELECT d.inherits FROM ${s}.dating d WHERE d.id = o.lot AND d.inherits LIMIT 1)
)
SELECT n.node, n.id FROM ${s}.nodes n
WHERE n.id = ANY (ARRAY (SELECT lot FROM heir EXCEPT SELECT v.id COLLATE "C" FROM unnest($1::text[]) AS v(id))) AND n.class = 'thing'
ORDER BY n.rank, n.node FOR UPDATE OF n`;

const READ = (s: string): string =>
  `SELECT owner, id, own, inherits, inputs, classes AS of, kind FROM ${s}.dating WHERE owner = ANY ($1::bigint[])`;

const SETTLED = (s: string): string => `
SELECT d.id, d.dates, g.kind FROM ${s}.dates d LEFT JOIN ${s}.dating g USING (owner) WHERE d.id = ANY ($1::text[])`;

type LotDating = Dating & { id: string };

/** Heirs by node, locked. */
const lockHeirs = async (client: Queryable, schema: string, lots: readonly string[]): Promise<Map<string, string>> => {
  const locked = new Map<string, string>();
  if (lots.length === 0) return locked;
  for (;;) {
    const { rows } = await client.query<{ node: string; id: string }>(
      prepared(LOCK_HEIRS(schema), [arrayText('text', lots)]),
    );
    const found = rows.filter((row) => !locked.has(row.node));
    if (found.length === 0) return locked;
    for (const { node, id } of found) locked.set(node, id);
  }
};

/** Dates of these lots; those of other lots that they inherit from are read. */
const datesOf = async (
  client: Queryable,
  schema: string,
  datings: ReadonlyMap<string, LotDating>,
): Promise<Map<string, LotDates>> => {
  const inputs = [...datings.values()].flatMap((dating) => dating.inputs.filter((id) => !datings.has(id)));
  if (inputs.length === 0) return inheritDates(datings, new Map());
  const { rows } = await client.query<{ id: string } & Heritage>(
    prepared(SETTLED(schema), [arrayText('text', [...new Set(inputs)])]),
  );
  return inheritDates(datings, new Map(rows.map(({ id, ...heritage }) => [id, heritage])));
};

/**
 * Derives again the dates of lots whose own dates or inputs changed, and of all that inherits from them, along the graph.
 * What is changed elsewhere at the same time is not missed: whoever changes an input of ours must lock us to hand it on,
 * and reads in a later statement what we wrote.
 * @param lots.folded by owner, what dates follow from, as it was folded now and written. All of them are locked.
 * @param lots.changed owners among these of which that changed.
 * @param lots.gone owners that have no dates any more.
 */
export const deriveDates = async (
  client: Queryable,
  schema: string,
  lots: { folded: ReadonlyMap<string, LotDating>; changed: ReadonlySet<string>; gone: readonly string[] },
): Promise<void> => {
  const { folded, gone } = lots;
  const changed = new Map(
    [...folded].flatMap(([node, { id }]) => (lots.changed.has(node) ? [[node, id] as const] : [])),
  );
  if (changed.size === 0 && gone.length === 0) return;
  const heirs = await lockHeirs(client, schema, [...changed.values()]);
  const nodes = new Map([...changed, ...heirs]);
  const unread = [...heirs.keys()].filter((node) => !folded.has(node));
  const read =
    unread.length === 0
      ? []
      : (await client.query<LotDating>(prepared(READ(schema), [arrayText('bigint', unread)]))).rows;
  const known = [...nodes.keys()].flatMap((node) => folded.get(node) ?? []);
  const datings = new Map([...known, ...read].map((dating) => [dating.id, dating]));
  const dates = await datesOf(client, schema, datings);
  const rows = [...nodes].map(([node, id]): [string, object[]] => {
    const lot = dates.get(id);
    return [
      node,
      lot === undefined ? [] : [{ id, dates: lot, ...columnsOf(lot), derived: derivedOf(lot, datings.get(id)) }],
    ];
  });
  await replaceRows(client, schema, [
    { table: DATES, rows: new Map([...rows, ...gone.map((node): [string, object[]] => [node, []])]) },
  ]);
};

const columnsOf = (dates: LotDates): object => ({
  production: dates.production,
  expiry: dates.expiry,
  best_before: dates.bestBefore,
  retest: dates.retest,
  removal: dates.removal,
});

/** Names of the dates that come from inputs. */
const derivedOf = (dates: LotDates, dating: Dating | undefined): string[] =>
  Object.keys(dates)
    .filter((name) => dating?.own[name as keyof LotDates] === undefined)
    .sort();
