import type { Discrepancy } from '../ledger/index.js';
import { prepared } from './prepared.js';
import { arrayText, columnArrays, type Columns, type Queryable, unnestOf } from './unnest.js';

const COLUMNS: Columns = {
  owner: 'bigint',
  key: 'text',
  kind: 'text',
  lot: 'text',
  place: 'text',
  time: 'text',
  detail: 'jsonb',
};

export const CREATE_DISCREPANCIES = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.discrepancies (
  owner     bigint NOT NULL,
  key       text COLLATE "C" NOT NULL,
  kind      text NOT NULL,
  lot       text COLLATE "C" NOT NULL,
  place     text COLLATE "C",
  time      text COLLATE "C" NOT NULL,
  detail    jsonb NOT NULL,
  opened_at text COLLATE "C" NOT NULL,
  closed_at text COLLATE "C",
  closed_time timestamptz,
  PRIMARY KEY (owner, key)
);
CREATE INDEX IF NOT EXISTS discrepancies_lot ON ${s}.discrepancies (lot);
CREATE INDEX IF NOT EXISTS discrepancies_list ON ${s}.discrepancies (time, key);`;

const REPLACE = (s: string): string => `
WITH now AS (
  SELECT * FROM ${unnestOf(COLUMNS, 'v', 4)}
), closed AS (
  UPDATE ${s}.discrepancies d SET closed_at = $2, closed_time = $3
  WHERE d.owner = ANY ($1::bigint[]) AND d.closed_at IS NULL
    AND (d.owner, d.key) NOT IN (SELECT now.owner, now.key COLLATE "C" FROM now)
)
INSERT INTO ${s}.discrepancies AS d (${Object.keys(COLUMNS).join(', ')}, opened_at)
SELECT now.*, $2 FROM now
ON CONFLICT (owner, key) DO UPDATE SET
  kind = EXCLUDED.kind, lot = EXCLUDED.lot, place = EXCLUDED.place, time = EXCLUDED.time, detail = EXCLUDED.detail,
  opened_at = CASE WHEN d.closed_at IS NULL THEN d.opened_at ELSE EXCLUDED.opened_at END, closed_at = NULL, closed_time = NULL
WHERE d.closed_at IS NOT NULL OR d.detail IS DISTINCT FROM EXCLUDED.detail`;

/**
 * Opens what is new, closes what a fold produces no more, and opens again what came back.
 * @param at where in the log this became known; when.
 * @param fresh owners that cannot have any yet.
 */
export const replaceDiscrepancies = async (
  client: Queryable,
  schema: string,
  found: ReadonlyMap<string, readonly Discrepancy[]>,
  at: { position: string; recordTime: string },
  fresh: ReadonlySet<string>,
): Promise<void> => {
  const rows = [...found].flatMap(([owner, list]) =>
    [...new Map(list.map((d) => [d.key, d])).values()].map((d) => ({
      owner,
      key: d.key,
      kind: d.kind,
      lot: d.lot,
      place: d.place,
      time: d.time,
      detail: d,
    })),
  );
  const old = [...found.keys()].filter((owner) => !fresh.has(owner));
  if (old.length === 0 && rows.length === 0) return;
  await client.query(
    prepared(REPLACE(schema), [arrayText('bigint', old), at.position, at.recordTime, ...columnArrays(COLUMNS, rows)]),
  );
};
