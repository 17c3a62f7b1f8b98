import { type LotlineError, refused } from '#kernel';
import type { PoolClient } from 'pg';
import type { Projector } from '../port.js';
import type { Build } from './builds.js';

/**
 * Each build has the views of its own version as `{schema}.public_{name}`, and `lotline_public.{name}` is all of them one
 * after another, each with the condition that readers see its build. So a switch is the row in `projections.active` and
 * nothing else: it waits for no query, no query waits for it, and a reader that holds a snapshot from before it goes on
 * reading the build of that snapshot. A view is only made anew where a build comes or goes.
 */
const PUBLIC = 'lotline_public';
const OWN = 'public_';

/** So long a change of the views waits for queries that read them; meanwhile new queries wait behind it. */
const PATIENCE = '10s';

interface Column {
  column: string;
  type: string;
}

const OWN_COLUMNS = `
SELECT b.schema, quote_ident(a.attname) AS column, format_type(a.atttypid, a.atttypmod) AS type
FROM projections.builds b
JOIN pg_class c ON c.relnamespace = to_regnamespace(b.schema) AND c.relname = $2 AND c.relkind = 'v'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE b.projection = $1 AND b.schema IS DISTINCT FROM $3 AND b.status NOT IN ('failed', 'retired')
ORDER BY b.version, b.created_at, b.schema, a.attnum`;

const COLUMNS_NOW = `
SELECT quote_ident(attname) AS column, format_type(atttypid, atttypmod) AS type
FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 ORDER BY attnum`;

const MISSING = `
SELECT v.name FROM unnest($1::text[]) v(name)
WHERE to_regclass($2 || '.${OWN}' || v.name) IS NULL OR to_regclass('${PUBLIC}.' || v.name) IS NULL`;

const VIEWS_OF = `
SELECT substr(relname, ${OWN.length + 1}) AS name FROM pg_class
WHERE relnamespace = to_regnamespace($1) AND relkind = 'v' AND starts_with(relname, '${OWN}') ORDER BY relname`;

/**
 * Makes the public view of all builds but `without`. What it has had once it keeps, in its order: a build without a column
 * has NULL there, and the server itself refuses one of another type.
 */
const combine = async (client: PoolClient, projection: string, name: string, without?: string): Promise<void> => {
  const view = `${PUBLIC}.${name}`;
  const { rows } = await client.query<Column & { schema: string }>(OWN_COLUMNS, [
    projection,
    OWN + name,
    without ?? null,
  ]);
  const { rows: kept } = await client.query<Column>(COLUMNS_NOW, [view]);
  const types = new Map([...kept, ...rows].map(({ column, type }) => [column, type]));
  const builds = Map.groupBy(rows, (row) => row.schema);
  // An old snapshot may see a build that is gone since: better no answer than an empty one. Only a cast can say so here.
  const seen = `(SELECT CASE WHEN a.schema = ANY ('{${[...builds.keys()].join(',')}}') THEN a.schema
  ELSE ('${view} no longer has ' || a.schema || ': begin a new transaction')::int::text END
  FROM projections.active a WHERE a.projection = '${projection}')`;
  const select = (has: ReadonlySet<string>, rest: string): string =>
    `SELECT ${[...types].map(([column, type]) => (has.has(column) ? column : `NULL::${type} AS ${column}`)).join(', ')} ${rest}`;
  const selects = [...builds].map(([schema, own]) =>
    select(new Set(own.map(({ column }) => column)), `FROM ${schema}.${OWN}${name} WHERE ${seen} = '${schema}'`),
  );
  if (selects.length === 0) selects.push(select(new Set(), `WHERE ${seen} = ''`));
  await client.query(`CREATE OR REPLACE VIEW ${view} AS ${selects.join('\nUNION ALL\n')}`);
};

const inUse = (error: unknown): LotlineError | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  // Lock not available, deadlock: a query has the view, or a transaction that reads several of them in another order.
  if (code !== '55P03' && code !== '40P01') return undefined;
  const message = `queries of ${PUBLIC} went on for more than ${PATIENCE}: end them or try again`;
  return refused('views-in-use', message, [{ code: 'views-in-use', message }]);
};

/** @throws LotlineError (422) `views-in-use` where queries do not let go of the views. */
const patiently = async (client: PoolClient, work: () => Promise<void>): Promise<void> => {
  const { rows } = await client.query<{ before: string }>(`SELECT current_setting('lock_timeout') AS before`);
  await client.query(`SELECT set_config('lock_timeout', $1, true)`, [PATIENCE]);
  try {
    await work();
  } catch (error) {
    throw inUse(error) ?? error;
  }
  await client.query(`SELECT set_config('lock_timeout', $1, true)`, [rows[0]?.before ?? '0']);
};

/**
 * Publishes what is not published yet of a build whose tables are there; readers see it from its activation on.
 * @param client inside the transaction that holds the projection (`lockProjection`).
 * @throws LotlineError (422) `views-in-use`; nothing is left of it where the transaction is rolled back.
 */
export const publishViews = async (client: PoolClient, build: Build, projector: Projector): Promise<void> => {
  const views = projector.publishes?.(build.schema) ?? {};
  const { rows } = await client.query<{ name: string }>(MISSING, [Object.keys(views).sort(), build.schema]);
  if (rows.length === 0) return;
  await patiently(client, async () => {
    for (const { name } of rows) {
      await client.query(`CREATE OR REPLACE VIEW ${build.schema}.${OWN}${name} AS ${views[name]}`);
      await combine(client, build.projection, name);
    }
  });
};

/** Takes a build that readers do not see out of the public views, so that its schema can go without them. */
export const withdrawViews = async (client: PoolClient, projection: string, schema: string): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(VIEWS_OF, [schema]);
  if (rows.length === 0) return;
  await patiently(client, async () => {
    for (const { name } of rows) await combine(client, projection, name, schema);
  });
};
