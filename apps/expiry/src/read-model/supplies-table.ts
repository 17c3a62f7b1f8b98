import type { RecordedEvent } from '#contracts';
import type { DerivedTable, LotTable, Queryable } from '#traceability';
import { suppliesOf } from '../domain/supplies.js';

/** One narrow row for a lot and the parties it went between (`domain/supplies.ts`). */
export const SUPPLIES: DerivedTable = {
  name: 'supplies',
  columns: {
    lot: 'text',
    item: 'text',
    lot_code: 'text',
    supplier_lot: 'text',
    sender: 'text',
    receiver: 'text',
    dimension: 'text',
    sent: 'numeric',
    received: 'numeric',
    outside: 'numeric',
    counts: 'boolean',
    counts_outside: 'boolean',
    receivers: 'integer',
    left_at: 'text',
    received_at: 'text',
    received_on: 'text',
    days_left: 'integer',
    due: 'boolean',
    late: 'boolean',
    rejected: 'boolean',
    failed: 'boolean',
    held: 'boolean',
    inspections: 'integer',
    inspections_failed: 'integer',
    first_event: 'text',
    last_event: 'text',
    acts: 'jsonb',
  },
};

export const SUPPLIES_OF_LOTS: LotTable = { table: SUPPLIES, rows: suppliesOf };

// A question about an earlier moment folds again only lots that changed since: these bounds tell which. They depend on how
// events came in batches, always to the safe side, and are no part of what must be equal.
const TABLES = (s: string): string => `
CREATE INDEX IF NOT EXISTS supplies_sender ON ${s}.supplies (sender, lot);
CREATE INDEX IF NOT EXISTS supplies_several ON ${s}.supplies (owner) WHERE receivers > 1;
CREATE TABLE IF NOT EXISTS ${s}.supplies_known (
  owner   bigint PRIMARY KEY,
  since   text COLLATE "C" NOT NULL,
  touched text COLLATE "C" NOT NULL
);
CREATE INDEX IF NOT EXISTS supplies_known_touched ON ${s}.supplies_known (touched);
CREATE INDEX IF NOT EXISTS facts_recorded ON ${s}.facts (recorded_at);
CREATE INDEX IF NOT EXISTS statements_recorded ON ${s}.statements (recorded_at);
CREATE INDEX IF NOT EXISTS facts_voided ON ${s}.facts (voided_at) WHERE voided_at IS NOT NULL;`;

/**
 * Notes lots and pieces that a batch folded, those without rows too: earlier they may have had some. Where the model knows
 * facts from beyond the batch, what was folded may be of those: then the last of all that bears on a lot counts.
 */
const NOTE_KNOWN = (s: string): string => `
WITH RECURSIVE up(owner, node) AS (
  SELECT v.owner, v.owner FROM unnest($1::bigint[]) AS v(owner) WHERE EXISTS (SELECT FROM ${s}.facts WHERE recorded_at > $3)
  UNION
  SELECT up.owner, edge.node FROM up CROSS JOIN LATERAL (
    SELECT c.unit FROM ${s}.containment c WHERE c.held = up.node
    UNION ALL SELECT m.serial FROM ${s}.membership m WHERE m.lot = up.node
    UNION ALL SELECT e.b FROM ${s}.same e WHERE e.a = up.node
  ) edge(node)
), named AS (
  SELECT DISTINCT up.owner, i.fact FROM up JOIN ${s}.incidence i USING (node)
), bearing AS (
  SELECT owner, fact FROM named
  UNION
  SELECT named.owner, b.fact FROM named JOIN ${s}.incidence a USING (fact) JOIN ${s}.incidence b ON b.node = a.node
  WHERE a.class IN ('act', 'transformation', 'shipment')
), last AS (
  SELECT b.owner, max(greatest(f.recorded_at, f.voided_at)) AS touched FROM bearing b JOIN ${s}.facts f USING (fact) GROUP BY b.owner
)
INSERT INTO ${s}.supplies_known AS k (owner, since, touched)
SELECT v.owner, $2, greatest($3, last.touched, (SELECT max(recorded_at) FROM ${s}.statements))
FROM unnest($1::bigint[]) AS v(owner) LEFT JOIN last USING (owner)
WHERE EXISTS (SELECT FROM ${s}.lots l WHERE l.owner = v.owner AND l.kind IN ('lot', 'serial'))
   OR EXISTS (SELECT FROM ${s}.supplies_known o WHERE o.owner = v.owner)
ON CONFLICT (owner) DO UPDATE SET since = least(k.since, EXCLUDED.since), touched = greatest(k.touched, EXCLUDED.touched)`;

const EXPORT = (s: string): string => `
SELECT lot, item, lot_code, supplier_lot, sender, receiver, dimension, trim_scale(sent)::text AS sent,
  trim_scale(received)::text AS received, trim_scale(outside)::text AS outside, counts, counts_outside, receivers, left_at, received_at, received_on, days_left,
  due, late, rejected, failed, held, inspections, inspections_failed, first_event, last_event, acts
FROM ${s}.supplies ORDER BY lot, n`;

export const createSuppliesTables = async (client: Queryable, schema: string): Promise<void> => {
  await client.query(TABLES(schema));
};

/** @param owners folded again by these events, and locked. */
export const noteKnownSupplies = async (
  client: Queryable,
  schema: string,
  owners: readonly string[],
  events: readonly RecordedEvent[],
): Promise<void> => {
  if (owners.length === 0) return;
  const positions = events.map(({ position }) => position).sort();
  await client.query(NOTE_KNOWN(schema), [owners, positions[0], positions.at(-1)]);
};

export async function* exportSupplies(
  client: Queryable,
  schema: string,
): AsyncIterable<{ table: string; row: unknown }> {
  const { rows } = await client.query<object>(EXPORT(schema));
  for (const row of rows) yield { table: 'supplies', row };
}
