import type { Queryable } from '#traceability';

/** Columns are a promise to other people's tools: they may be added to at the end, never renamed or removed. */
const VIEWS: Readonly<Record<string, (s: string) => string>> = {
  v_lots: (s) => `
    SELECT l.id AS lot, l.kind, l.item, l.lot_code, l.supplier_lot, l.status, d.production, d.expiry, d.best_before,
           d.retest, d.removal, l.first_time, l.last_time, l.node->'made' AS made, l.node->'onHand' AS on_hand
    FROM ${s}.lots l LEFT JOIN ${s}.dates d USING (owner)`,
  v_ledger: (s) => `
    SELECT l.id AS lot, e.seq, e.time, e.from_kind, e.from_place, e.from_unit, e.to_kind, e.to_place, e.to_unit,
           e.value AS amount, e.dimension, e.events, e.flag
    FROM ${s}.ledger e JOIN ${s}.lots l USING (owner)`,
  v_transformations: (s) => `
    SELECT t.id AS transformation, t.kind, t.event_time, t.place, leg.role, leg.value->>'lot' AS lot,
           leg.value->>'kind' AS lot_kind, (leg.value->'amount'->>'value')::numeric AS amount,
           leg.value->'amount'->>'unit' AS unit, t.events
    FROM ${s}.transformations t CROSS JOIN LATERAL (
      SELECT 'input' AS role, value FROM jsonb_array_elements(t.inputs)
      UNION ALL SELECT 'output', value FROM jsonb_array_elements(t.outputs)) leg`,
  v_shipments: (s) => `
    SELECT g.act AS shipment, g.lot, g.value AS amount, g.dimension, g.unit AS logistic_unit, g.from_place, g.from_party,
           g.to_place, g.consignee, g.shipped_at, g.departure_recorded, g.received_at, g.due, g.outstanding, g.events
    FROM ${s}.shipment_legs g`,
  v_discrepancies: (s) => `
    SELECT d.key, d.kind, d.lot, d.place, d.time, (d.detail->'amount'->>'value')::numeric AS amount,
           d.detail->'amount'->>'unit' AS unit, d.closed_at IS NULL AS open, d.closed_time, d.detail->'events' AS events,
           d.detail->>'explanation' AS explanation
    FROM ${s}.discrepancies d`,
};

/** Makes `analytics` show one build of the model; readers see the old one or the new one, nothing between. */
const POINT_AT = `
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE OR REPLACE FUNCTION analytics.point_at(build text) RETURNS void LANGUAGE plpgsql AS $point$
BEGIN
${Object.entries(VIEWS)
  .map(
    ([name, select]) =>
      `  EXECUTE format($view$CREATE OR REPLACE VIEW analytics.${name} AS ${select('%1$I')}$view$, build);`,
  )
  .join('\n')}
END $point$;
CREATE OR REPLACE FUNCTION analytics.follow_switch() RETURNS trigger LANGUAGE plpgsql AS $follow$
BEGIN
  PERFORM analytics.point_at(NEW.schema);
  RETURN NEW;
END $follow$;`;

// The switch of a rebuild and its rollback are updates of this row: the views move in the same transaction.
const FOLLOW = `
CREATE OR REPLACE TRIGGER genealogy_views AFTER INSERT OR UPDATE ON projections.active
FOR EACH ROW WHEN (NEW.projection = 'genealogy') EXECUTE FUNCTION analytics.follow_switch()`;

/**
 * Stable views for analysts, in schema `analytics`, always on the version that serves.
 * @param first whether this build serves from its beginning.
 */
export const createAnalyticsViews = async (client: Queryable, schema: string, first: boolean): Promise<void> => {
  // Two builds that begin at the same time would replace one another's functions.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('lotline analytics views', 0))`);
  await client.query(POINT_AT);
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('projections.active') IS NOT NULL AS found`,
  );
  if (rows[0]?.found) await client.query(FOLLOW);
  if (first) await client.query('SELECT analytics.point_at($1)', [schema]);
};
