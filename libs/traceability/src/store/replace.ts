import { columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

/** A table of rows derived for an owner (a lot, a transformation), numbered from 0 within it. */
export interface DerivedTable {
  name: string;
  /** Besides `owner bigint` and `n integer`, which are its key. */
  columns: Columns;
}

const SQL_TYPE: Record<Columns[string], string> = {
  text: 'text COLLATE "C"',
  bigint: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
  numeric: 'numeric',
  json: 'json',
  jsonb: 'jsonb',
  uuid: 'uuid',
  timestamptz: 'timestamptz',
  date: 'date',
};

export const createDerivedTable = (schema: string, { name, columns }: DerivedTable): string => `
CREATE TABLE IF NOT EXISTS ${schema}.${name} (
  owner bigint NOT NULL,
  n     integer NOT NULL,
  ${Object.entries(columns)
    .map(([column, type]) => `${column} ${SQL_TYPE[type]}`)
    .join(',\n  ')},
  PRIMARY KEY (owner, n)
);`;

// Rows beyond the new number go, new ones come, changed ones change, and what stayed the same is not written: a lot that
// gets one more entry at its end costs one row. The two halves touch different rows, so one snapshot serves both.
const REPLACE = (schema: string, { name, columns }: DerivedTable): string => {
  const names = Object.keys(columns);
  const all = { owner: 'bigint', n: 'integer', ...columns } as const;
  return `
WITH gone AS (
  DELETE FROM ${schema}.${name} t USING unnest($1::bigint[], $2::integer[]) AS k(owner, n)
  WHERE t.owner = k.owner AND t.n >= k.n
)
INSERT INTO ${schema}.${name} AS t (owner, n, ${names.join(', ')})
SELECT * FROM ${unnestOf(all, 'v', 3)}
ON CONFLICT (owner, n) DO UPDATE SET ${names.map((c) => `${c} = EXCLUDED.${c}`).join(', ')}
WHERE (${names.map((c) => `t.${c}`).join(', ')}) IS DISTINCT FROM (${names.map((c) => `EXCLUDED.${c}`).join(', ')})
RETURNING owner`;
};

/**
 * Makes the rows of these owners equal to what is given, in one statement; owners without rows lose theirs.
 * @returns owners of which a row came or changed.
 */
export const replaceRows = async (
  client: Queryable,
  schema: string,
  table: DerivedTable,
  rows: ReadonlyMap<string, readonly object[]>,
): Promise<string[]> => {
  const numbered = [...rows].flatMap(([owner, list]) => list.map((row, n) => ({ ...row, owner, n })));
  const written = await client.query<{ owner: string }>(REPLACE(schema, table), [
    [...rows.keys()],
    [...rows.values()].map((list) => list.length),
    ...columnArrays({ owner: 'bigint', n: 'integer', ...table.columns }, numbered),
  ]);
  return [...new Set(written.rows.map((row) => row.owner))];
};
