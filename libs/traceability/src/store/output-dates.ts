import type { LotDates } from '../happening.js';
import { type Dating, inheritDates } from './derive/dating.js';
import { replaceRows } from './replace.js';
import { DATES, DATING } from './tables.js';
import type { Queryable } from './unnest.js';

/** Lots whose dates follow, through inheritance alone, from these. */
const HEIRS = (s: string): string => `
WITH RECURSIVE heir(lot) AS (
  SELECT id COLLATE "C" FROM unnest($1::text[]) AS v(id)
  UNION
  SELECT o.lot FROM heir
  JOIN ${s}.legs i ON i.lot = heir.lot AND i.role = 'input'
  JOIN ${s}.legs o ON o.owner = i.owner AND o.id = i.id AND o.role = 'output'
  JOIN ${s}.dating d ON d.id = o.lot AND d.inherits
)
SELECT DISTINCT n.node, n.id FROM heir JOIN ${s}.nodes n ON n.id = heir.lot AND n.class = 'thing'`;

const LOCK = (s: string): string =>
  `SELECT node FROM ${s}.nodes WHERE node = ANY ($1::bigint[]) ORDER BY rank, node FOR UPDATE`;

const READ = (s: string): string =>
  `SELECT owner, id, own, inherits, inputs FROM ${s}.dating WHERE owner = ANY ($1::bigint[])`;

const SETTLED = (s: string): string => `SELECT id, dates FROM ${s}.dates WHERE id = ANY ($1::text[])`;

/**
 * Derives again the dates of lots whose own dates or inputs changed, and of all that inherits from them, along the graph.
 * What is changed elsewhere at the same time is not missed: whoever changes an input of ours must lock us to hand it on,
 * and reads in a later statement what we wrote.
 * @param changed lots whose row of `dating` changed.
 */
export const deriveDates = async (client: Queryable, schema: string, changed: readonly string[]): Promise<void> => {
  if (changed.length === 0) return;
  const locked = new Map<string, string>();
  for (;;) {
    const { rows } = await client.query<{ node: string; id: string }>(HEIRS(schema), [changed]);
    const fresh = rows.filter((row) => !locked.has(row.node));
    if (fresh.length === 0) break;
    await client.query(LOCK(schema), [fresh.map((row) => row.node)]);
    for (const { node, id } of fresh) locked.set(node, id);
  }
  const { rows } = await client.query<Dating & { owner: string; id: string }>(READ(schema), [[...locked.keys()]]);
  const datings = new Map(rows.map((row) => [row.id, row]));
  const inputs = [...new Set(rows.flatMap((row) => row.inputs))].filter((id) => !datings.has(id));
  const settled = await client.query<{ id: string; dates: LotDates }>(SETTLED(schema), [inputs]);
  const dates = inheritDates(datings, new Map(settled.rows.map((row) => [row.id, row.dates])));
  await replaceRows(
    client,
    schema,
    DATES,
    new Map(
      [...locked].map(([node, id]) => {
        const lot = dates.get(id);
        return [
          node,
          lot === undefined ? [] : [{ id, dates: lot, ...columnsOf(lot), derived: derivedOf(lot, datings.get(id)) }],
        ];
      }),
    ),
  );
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

/** Makes the rows of what dates follow from equal to what was folded. @returns ids of lots where that changed. */
export const replaceDating = async (
  client: Queryable,
  schema: string,
  rows: ReadonlyMap<string, readonly (Dating & { id: string })[]>,
): Promise<string[]> => {
  const changed = await replaceRows(client, schema, DATING, rows);
  return [...new Set(changed.flatMap((owner) => rows.get(owner) ?? []).map((row) => row.id))];
};
