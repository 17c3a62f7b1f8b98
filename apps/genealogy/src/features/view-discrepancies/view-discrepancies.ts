import type { Discrepancy } from '#traceability';
import { resolveLot } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { cursorKey, type PageAt, pageOf } from '#platform';
import type { ViewDiscrepanciesDto } from './view-discrepancies.dto.js';

export interface DiscrepancyView extends Discrepancy {
  status: 'open' | 'closed';
  /** Where in the log it came up, and where a later fact explained it. */
  openedAt: string;
  closedAt?: string;
}

interface Row {
  detail: Discrepancy;
  opened_at: string;
  closed_at: string | null;
}

// One contradiction may come up in the folds of several lots; it is one all the same.
const LIST = (s: string): string => `
SELECT DISTINCT ON (d.time, d.key) d.detail, d.opened_at, d.closed_at FROM ${s}.discrepancies d
WHERE (d.closed_at IS NULL) = ($1 = 'open')
  AND ($1 = 'open' OR NOT EXISTS (SELECT FROM ${s}.discrepancies o WHERE o.key = d.key AND o.closed_at IS NULL))
  AND ($2::text IS NULL OR d.kind = $2) AND ($3::text IS NULL OR d.lot = $3)
  AND ($4::text IS NULL OR (d.time, d.key) > ($4, $5))
ORDER BY d.time, d.key, d.opened_at LIMIT $6`;

const standsFor = async ({ client, schema }: Snapshot, lot: string): Promise<string> =>
  (await client.query<{ id: string }>(`SELECT stands_for AS id FROM ${schema}.aliases WHERE id = $1`, [lot])).rows[0]
    ?.id ?? lot;

/** What the record cannot explain, or could not until it was explained; in order of event time. */
export const viewDiscrepancies = async (
  snapshot: Snapshot,
  { status = 'open', kind, lot, cursor, limit = 100 }: ViewDiscrepanciesDto,
): Promise<PageAt<DiscrepancyView>> => {
  const { client, schema, position, graph } = snapshot;
  const of = lot === undefined ? null : await standsFor(snapshot, await resolveLot({ lot }, graph));
  const { rows } = await client.query<Row>(LIST(schema), [
    status,
    kind ?? null,
    of,
    ...cursorKey(cursor, 2),
    limit + 1,
  ]);
  return {
    position,
    ...pageOf(
      rows.map((row) => ({
        ...row.detail,
        status,
        openedAt: row.opened_at,
        ...(row.closed_at !== null && { closedAt: row.closed_at }),
      })),
      limit,
      (d) => [d.time, d.key],
    ),
  };
};
