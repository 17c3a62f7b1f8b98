import { prepared } from './prepared.js';
import { arrayText, columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

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
// gets one more entry at its end costs one row. The halves touch different rows, so one snapshot serves them all.
const REPLACE = (
  schema: string,
  { name, columns }: DerivedTable,
  firstParameter: number,
): [cte: string, sql: string][] => {
  const names = Object.keys(columns);
  const all = { owner: 'bigint', n: 'integer', ...columns } as const;
  const keys = { owner: 'bigint', n: 'integer' } as const;
  return [
    [
      `${name}_gone`,
      `DELETE FROM ${schema}.${name} t USING ${unnestOf(keys, 'k', firstParameter)} WHERE t.owner = k.owner AND t.n >= k.n`,
    ],
    [
      `${name}_come`,
      `INSERT INTO ${schema}.${name} AS t (owner, n, ${names.join(', ')})
SELECT * FROM ${unnestOf(all, 'v', firstParameter + 2)}
ON CONFLICT (owner, n) DO UPDATE SET ${names.map((c) => `${c} = EXCLUDED.${c}`).join(', ')}
WHERE (${names.map((c) => `t.${c}`).join(', ')}) IS DISTINCT FROM (${names.map((c) => `EXCLUDED.${c}`).join(', ')})
RETURNING owner`,
    ],
  ];
};

/** What a table is to hold of some owners; owners with [] lose their rows. */
export interface Replacement {
  table: DerivedTable;
  rows: ReadonlyMap<string, readonly object[]>;
}

const texts = new Map<string, string>();

const statementOf = (schema: string, tables: readonly DerivedTable[], changed: DerivedTable | undefined): string => {
  const key = `${schema} ${tables.map((table) => table.name).join(' ')} ${changed?.name}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  let parameter = 1;
  const parts = tables.flatMap((table) => {
    const part = REPLACE(schema, table, parameter);
    parameter += 4 + Object.keys(table.columns).length;
    return part;
  });
  const text = `WITH ${parts.map(([cte, sql]) => `${cte} AS (${sql})`).join(', ')}
${changed === undefined ? 'SELECT WHERE false' : `SELECT DISTINCT owner FROM ${changed.name}_come`}`;
  texts.set(key, text);
  return text;
};

export interface ReplaceOptions {
  /** Owners of which no table can have rows yet; default none. */
  fresh?: ReadonlySet<string>;
  /** The table of which to tell what changed. */
  changed?: DerivedTable;
}

/**
 * Makes the rows of owners equal to what is given, in one statement for all tables.
 * @param tables always the same for one call: each choice of them is a statement of its own to the server.
 * @returns owners of which a row of the table `changed` came or changed.
 */
export const replaceRows = async (
  client: Queryable,
  schema: string,
  tables: readonly Replacement[],
  { fresh, changed }: ReplaceOptions = {},
): Promise<string[]> => {
  if (tables.every(({ rows }) => rows.size === 0)) return [];
  const values = tables.flatMap(({ table, rows }) => {
    const old = [...rows].filter(([owner]) => fresh?.has(owner) !== true);
    const all: object[] = [];
    const owners: string[] = [];
    const numbers: number[] = [];
    for (const [owner, list] of rows)
      for (const [n, row] of list.entries()) {
        all.push(row);
        owners.push(owner);
        numbers.push(n);
      }
    return [
      arrayText(
        'bigint',
        old.map(([owner]) => owner),
      ),
      arrayText(
        'integer',
        old.map(([, list]) => list.length),
      ),
      arrayText('bigint', owners),
      arrayText('integer', numbers),
      ...columnArrays(table.columns, all),
    ];
  });
  const text = statementOf(
    schema,
    tables.map(({ table }) => table),
    changed,
  );
  const { rows } = await client.query<{ owner: string }>(prepared(text, values));
  return rows.map((row) => row.owner);
};
