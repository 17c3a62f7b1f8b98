import { textsColumn, unitColumn } from '#traceability';

/** Lots that have a date, each with where it is; one row without a place where nothing of it is on hand. */
export const PUBLIC_EXPIRY = (s: string): string => `
SELECT l.id AS lot, l.item, l.lot_code, l.status, coalesce(d.expiry, d.best_before)::date AS expires_on,
  d.expiry::date AS expiry, d.best_before::date AS best_before, ${textsColumn('d.derived')} AS inherited_dates,
  b.place, b.amount, ${unitColumn('b.dimension')} AS unit
FROM ${s}.dates d JOIN ${s}.lots l USING (owner)
LEFT JOIN (
  SELECT owner, place, dimension, trim_scale(sum(value)) AS amount FROM ${s}.balances GROUP BY owner, place, dimension
) b USING (owner)
WHERE coalesce(d.expiry, d.best_before) IS NOT NULL AND l.kind IN ('lot', 'serial')`;
