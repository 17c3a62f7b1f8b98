import type { Happening } from '../happening.js';
import { incidenceOf, TYING } from './affected.js';
import { prepared } from './prepared.js';
import { arrayText, type Queryable } from './unnest.js';

const READ_DATING = (s: string): string => `
WITH thing AS MATERIALIZED (
  SELECT n.node FROM unnest($1::text[]) AS v(id)
  CROSS JOIN LATERAL (SELECT n.node FROM ${s}.nodes n WHERE n.id = v.id AND n.class = 'thing' OFFSET 0) n
), dating AS MATERIALIZED (
  SELECT DISTINCT i.fact FROM ${incidenceOf(s, 'thing', 'node', 'AND i.dates')}
), named AS MATERIALIZED (
  SELECT i.node, i.class FROM ${incidenceOf(s, 'dating', 'fact', `AND i.class IN ('act', 'transformation', 'shipment')`)}
), tying AS MATERIALIZED (${TYING(s, 'named')}
), told AS MATERIALIZED (
  SELECT fact FROM dating UNION SELECT i.fact FROM ${incidenceOf(s, 'tying', 'node')}
)
SELECT standing.happenings FROM told CROSS JOIN LATERAL (
  SELECT f.happenings FROM ${s}.facts f
  WHERE f.fact = told.fact AND NOT f.declaration AND f.voided_at IS NULL OFFSET 0
) standing`;

/** What stands in the record that states production dates of these lots, and what is tied to that. */
export const readDating = async (client: Queryable, schema: string, lots: readonly string[]): Promise<Happening[]> => {
  const { rows } = await client.query<{ happenings: Happening[] }>(
    prepared(READ_DATING(schema), [arrayText('text', lots)]),
  );
  return rows.flatMap((row) => row.happenings.filter((h) => h.voids === undefined));
};
