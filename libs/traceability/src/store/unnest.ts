import type { PoolClient } from 'pg';

/** Anything that runs SQL: a pool for reading, the transaction's client for writing. */
export type Queryable = Pick<PoolClient, 'query'>;

export type ColumnType =
  'text' | 'bigint' | 'integer' | 'boolean' | 'numeric' | 'json' | 'jsonb' | 'uuid' | 'timestamptz' | 'date';

/** Column names and types in the order of a row's values. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** `unnest($1::text[], $2::bigint[], …) AS v(a, b, …)`: many rows in one statement, whatever their number. */
export const unnestOf = (columns: Columns, alias = 'v', firstParameter = 1): string => {
  const entries = Object.entries(columns);
  const arrays = entries.map(([, type], i) => `$${firstParameter + i}::${type}[]`).join(', ');
  return `unnest(${arrays}) AS ${alias}(${entries.map(([name]) => name).join(', ')})`;
};

/** Rows turned into one array a column, as `unnestOf` takes them; json members are written as text. */
export const columnArrays = (columns: Columns, rows: readonly object[]): unknown[][] =>
  Object.entries(columns).map(([name, type]) =>
    rows.map((row) => {
      const value = (row as Record<string, unknown>)[name];
      if (value === undefined || value === null) return null;
      return type === 'json' || type === 'jsonb' ? JSON.stringify(value) : value;
    }),
  );
