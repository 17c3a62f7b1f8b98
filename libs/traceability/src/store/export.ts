import type { DerivedTable } from './replace.js';
import { DERIVED } from './tables.js';
import type { Queryable } from './unnest.js';

const ROWS_AT_ONCE = 1000;

/** Rows of a derived table under the name of their owner; exact numbers as text. */
const SELECT_DERIVED = (s: string, { name, columns }: DerivedTable): string => `
SELECT o.id AS owner, ${Object.entries(columns)
  .map(([column, type]) => (type === 'numeric' ? `trim_scale(t.${column})::text AS ${column}` : `t.${column}`))
  .join(', ')}
FROM ${s}.${name} t JOIN ${s}.nodes o ON o.node = t.owner ORDER BY o.id, o.class, t.n`;

const OTHERS = (s: string): [table: string, select: string][] => [
  [
    'facts',
    `SELECT event_id, declaration, type, time_key, voided_at IS NOT NULL AS voided FROM ${s}.facts ORDER BY event_id, log_id`,
  ],
  ['statements', `SELECT kind, id, entry FROM ${s}.statements ORDER BY kind, id, log_id`],
  ['aliases', `SELECT id, stands_for FROM ${s}.aliases ORDER BY id`],
  ['parked', `SELECT id, event_id FROM ${s}.parked ORDER BY id, log_id`],
  // What was closed depends on when it was looked at, so it is no part of what must be equal.
  [
    'discrepancies',
    `SELECT o.id AS owner, d.detail FROM ${s}.discrepancies d JOIN ${s}.nodes o ON o.node = d.owner
     WHERE d.closed_at IS NULL ORDER BY o.id, d.key`,
  ],
];

/**
 * Everything that is derived, in canonical order, without positions, record times and internal numbers: models of the same
 * facts give the same rows, whatever the order in which the facts came.
 * @param client inside a transaction: it reads by a cursor.
 */
export async function* exportRows(
  client: Queryable,
  schema: string,
): AsyncGenerator<{ table: string; row: unknown }, void, undefined> {
  const selects = [
    ...DERIVED.map((table): [string, string] => [table.name, SELECT_DERIVED(schema, table)]),
    ...OTHERS(schema),
  ];
  for (const [table, select] of selects) {
    await client.query(`DECLARE exported NO SCROLL CURSOR FOR ${select}`);
    for (;;) {
      const { rows } = await client.query<object>(`FETCH ${ROWS_AT_ONCE} FROM exported`);
      for (const row of rows) yield { table, row };
      if (rows.length < ROWS_AT_ONCE) break;
    }
    await client.query('CLOSE exported');
  }
}
