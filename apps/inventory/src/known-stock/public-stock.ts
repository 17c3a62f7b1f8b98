import { unitColumn } from '#traceability';
import { RECALL_OWNER } from '../domain/book/blocks.js';

/**
 * The gravest of what keeps a lot `l` from being taken, else what quality says of it: one text for lists and for analysts' views.
 * @param today SQL of the day on which it would be taken, YYYY-MM-DD.
 */
export const STATUS = (s: string, today: string): string => `CASE
    WHEN EXISTS (SELECT FROM ${s}.holds h WHERE h.lot = l.id AND starts_with(h.owner_id, '${RECALL_OWNER}')) THEN 'recalled'
    WHEN q.status = 'rejected' THEN 'rejected'
    WHEN EXISTS (SELECT FROM ${s}.holds h WHERE h.lot = l.id) THEN 'held'
    WHEN q.status = 'quarantine' THEN 'quarantine'
    WHEN d.expiry < ${today} THEN 'expired'
    WHEN d.retest < ${today} THEN 'retest-due'
    WHEN q.status = 'released' THEN 'released'
    ELSE 'unrestricted'
  END`;

/** Stock by lot, place and unit with the gravest of what keeps it from being taken, as GET /inventory/stock has it. */
export const PUBLIC_STOCK = (s: string): string => `
SELECT l.id AS lot, l.item, l.lot_code, b.place, min(b.party) AS party, trim_scale(sum(b.value)) AS amount,
  ${unitColumn('b.dimension')} AS unit,
  ${STATUS(s, "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')")} AS status
FROM ${s}.balances b JOIN ${s}.lots l USING (owner)
LEFT JOIN ${s}.dates d ON d.id = l.id
LEFT JOIN ${s}.quality q ON q.lot = l.id
WHERE b.value > 0 AND b.place IS NOT NULL
GROUP BY l.id, l.item, l.lot_code, b.place, b.dimension, d.expiry, d.retest, q.status`;
