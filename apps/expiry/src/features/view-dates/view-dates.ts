import { canonicalId, notFound } from '#kernel';
import { readSnapshot } from '#projections';
import { type LotDates, readMasterData, type ShelfLife } from '#traceability';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';

/** One statement or decision about dates of a lot. */
export interface DateEntry {
  /** Id as its reporter gave it. */
  event: string;
  type: string;
  /** What it says; of other dates it says nothing. */
  dates: LotDates;
  /** Of a decision: what held of these dates as it was taken. */
  before?: LotDates;
  reason?: string;
  actor?: string;
  /** When it happened, UTC. */
  time: string;
  recordedAt: string;
  /** A correction says that it does not hold. */
  voided: boolean;
}

export interface LotDateTrail {
  position: string;
  lot: string;
  item: string | null;
  /** As they hold now. */
  dates: LotDates;
  /** Names of those that follow from inputs. */
  inheritedDates: string[];
  /** Lots they follow from, of whatever class. */
  inheritsFrom: string[];
  /** Where the dates of lots of the item come from; absent where nothing is defined. */
  rule?: ShelfLife;
  /** All that was ever said of its dates, in the order in which it became known. */
  trail: DateEntry[];
  complete: boolean;
}

const LOT = (s: string): string => `
SELECT l.id, l.item, coalesce(d.dates, '{}') AS dates, coalesce(d.derived, '[]') AS derived, coalesce(g.inputs, '[]') AS inputs,
  NOT EXISTS (SELECT FROM ${s}.parked p WHERE p.id = l.id) AS complete
FROM ${s}.lots l LEFT JOIN ${s}.dates d USING (owner) LEFT JOIN ${s}.dating g USING (owner)
WHERE l.id = coalesce((SELECT stands_for FROM ${s}.aliases WHERE id = $1), $1)`;

/** Statements under every name of the lot; a transformation states dates among much else. */
const TRAIL = (s: string): string => `
WITH name AS (SELECT $1::text COLLATE "C" AS id UNION SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = $1)
SELECT f.event_id, f.type, f.time_key, f.record_time, f.voided_at IS NOT NULL AS voided, said.dates,
  c.actor, c.reason, c.before
FROM name JOIN ${s}.nodes n ON n.id = name.id AND n.class = 'thing' JOIN ${s}.incidence i USING (node)
JOIN ${s}.facts f USING (fact)
CROSS JOIN LATERAL (
  SELECT h->'dates'->name.id AS dates FROM json_array_elements(f.happenings) AS h WHERE h->'dates'->name.id IS NOT NULL LIMIT 1
) said
LEFT JOIN ${s}.date_decisions c ON c.log_id = f.log_id
WHERE NOT f.declaration ORDER BY f.recorded_at, f.event_id`;

interface LotRow {
  id: string;
  item: string | null;
  dates: LotDates;
  derived: string[];
  inputs: string[];
  complete: boolean;
}
interface TrailRow {
  event_id: string;
  type: string;
  time_key: string;
  record_time: Date;
  voided: boolean;
  dates: LotDates;
  actor: string | null;
  reason: string | null;
  before: LotDates | null;
}

const entryOf = (row: TrailRow): DateEntry => ({
  ...{ event: row.event_id, type: row.type, dates: row.dates },
  ...(row.before !== null && { before: row.before }),
  ...(row.reason !== null && { reason: row.reason }),
  ...(row.actor !== null && { actor: row.actor }),
  ...{ time: `${row.time_key}Z`, recordedAt: row.record_time.toISOString(), voided: row.voided },
});

/** Where the dates of a lot come from, and who changed them why. @throws LotlineError `lot-unknown` (404) */
export const viewDates = (pool: Pool, lot: string): Promise<LotDateTrail> =>
  readSnapshot(pool, EXPIRY, async ({ client, schema, position }) => {
    const [row] = (await client.query<LotRow>(LOT(schema), [canonicalId(lot).id])).rows;
    if (row === undefined) throw notFound('lot-unknown', `no event names ${lot}`);
    const { rows } = await client.query<TrailRow>(TRAIL(schema), [row.id]);
    const master = await readMasterData(client, schema, { items: row.item === null ? [] : [row.item] });
    const rule = row.item === null ? undefined : master.items.get(row.item)?.shelfLife;
    return {
      ...{ position, lot: row.id, item: row.item, dates: row.dates, inheritedDates: row.derived },
      inheritsFrom: row.inputs,
      ...(rule && { rule }),
      ...{ trail: rows.map(entryOf), complete: row.complete },
    };
  });
