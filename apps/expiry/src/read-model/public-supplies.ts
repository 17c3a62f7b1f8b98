import { unitColumn } from '#traceability';

/** What went of each lot between two parties, with what became of the lot; recalls are asked of the API. */
export const PUBLIC_SUPPLIES = (s: string): string => `
SELECT u.lot, u.item, u.lot_code, u.supplier_lot, u.sender, u.receiver,
  CASE WHEN u.received_on ~ '^\\d{4}-\\d\\d-\\d\\d$' THEN u.received_on::date END AS received_on,
  trim_scale(u.sent) AS sent, trim_scale(u.received) AS received, trim_scale(u.outside) AS from_outside,
  ${unitColumn('u.dimension')} AS unit, u.rejected, u.failed, u.held, u.inspections, u.inspections_failed, u.days_left,
  CASE WHEN u.due THEN u.late END AS late
FROM ${s}.supplies u`;
