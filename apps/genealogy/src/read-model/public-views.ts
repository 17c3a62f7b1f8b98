import { momentColumn, textsColumn, unitColumn, writtenMomentColumn } from '#traceability';
import { TRANSFORMATION_LEGS } from './public-legs.js';
import { SHIPMENT_VIEWS } from './public-shipments.js';

const LOTS = (s: string): string => `
SELECT l.id AS lot, l.kind, l.item, l.lot_code, l.supplier_lot, l.status, d.production::date AS production,
  d.expiry::date AS expiry, d.best_before::date AS best_before, d.retest::date AS retest, d.removal::date AS removal,
  ${momentColumn('l.first_time')} AS first_event_at, ${momentColumn('l.last_time')} AS last_event_at,
  NOT EXISTS (SELECT FROM ${s}.parked p WHERE p.id = l.id
    OR p.id IN (SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = l.id)) AS complete
FROM ${s}.lots l LEFT JOIN ${s}.dates d USING (owner) WHERE l.kind IN ('lot', 'serial')`;

const LEDGER_ENTRIES = (s: string): string => `
SELECT l.id AS lot, e.seq, ${momentColumn('e.time')} AS event_time,
  e.from_kind AS from_account, e.from_place, e.from_unit AS from_logistic_unit,
  e.to_kind AS to_account, e.to_place, e.to_unit AS to_logistic_unit,
  e.value AS amount, ${unitColumn('e.dimension')} AS unit, ${textsColumn('e.events')} AS events, e.flag
FROM ${s}.ledger e JOIN ${s}.lots l USING (owner) WHERE l.kind IN ('lot', 'serial')`;

const TRANSFORMATIONS = (s: string): string => `
SELECT t.id AS transformation, t.kind, ${writtenMomentColumn('t.event_time')} AS event_time, t.place,
  ${textsColumn('t.events')} AS events
FROM ${s}.transformations t`;

/** One contradiction may come up in the folds of several lots; it is one all the same, and open as long as one has it. */
const DISCREPANCIES = (s: string): string => `
SELECT DISTINCT ON (d.key) d.key AS discrepancy, d.kind, d.lot, d.place, ${momentColumn('d.time')} AS event_time,
  (d.detail->'amount'->>'value')::numeric AS amount, d.detail->'amount'->>'unit' AS unit,
  CASE WHEN d.closed_at IS NULL THEN 'open' ELSE 'closed' END AS status, d.closed_time AS closed_at,
  d.detail->>'explanation' AS explanation, ${textsColumn("d.detail->'events'")} AS events
FROM ${s}.discrepancies d ORDER BY d.key, d.closed_at IS NULL DESC, d.opened_at`;

/** What genealogy publishes to other people's tools: docs/analysts.md promises every column. */
export const publicViews = (s: string): Readonly<Record<string, string>> => ({
  lots: LOTS(s),
  ledger_entries: LEDGER_ENTRIES(s),
  transformations: TRANSFORMATIONS(s),
  transformation_inputs: TRANSFORMATION_LEGS(s, 'input'),
  transformation_outputs: TRANSFORMATION_LEGS(s, 'output'),
  ...SHIPMENT_VIEWS(s),
  discrepancies: DISCREPANCIES(s),
});
