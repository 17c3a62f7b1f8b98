import { momentColumn, unitColumn } from '#traceability';

/**
 * Legs with the shipment they are of, named as the trace names it: by its departure (else its arrival), with a number where
 * that went to several destinations. A piece whose lot is listed is in the lot's own row.
 */
const LEGS = (s: string): string => `
SELECT numbered.*, act || CASE WHEN max(number) OVER (PARTITION BY act) = 1 THEN '' ELSE '#' || number END AS shipment
FROM (
  SELECT g.*, dense_rank() OVER (
    PARTITION BY g.act ORDER BY coalesce(g.consignee, '') || E'\\n' || coalesce(g.to_place, '')) AS number
  FROM ${s}.shipment_legs g
  WHERE NOT EXISTS (SELECT FROM ${s}.members m JOIN ${s}.shipment_legs o ON o.lot = m.lot AND o.act = g.act WHERE m.serial = g.lot)
) numbered`;

/** Departures of units of which nothing tells what they held. */
const UNKNOWN = (s: string): string => `
SELECT u.event, u.unit, u.node FROM ${s}.unit_departures u WHERE NOT EXISTS (
  WITH RECURSIVE down(id) AS (
    SELECT u.unit UNION SELECT y.content FROM down JOIN ${s}.stays y ON y.unit = down.id
  )
  SELECT FROM down JOIN ${s}.shipment_legs g ON g.lot = down.id WHERE g.departure = u.event OR g.events ? u.event)`;

/** What the first leg says: of legs without a recorded departure the record only guesses where each was. */
const FIRST = (column: string): string => `(array_agg(${column} ORDER BY g.lot, g.n))[1]`;

// Where goods went to a party, it is their consignee, not their place.
const SHIPMENTS = (s: string): string => `
WITH legs AS (${LEGS(s)}), known AS (
  SELECT g.shipment,
    ${FIRST('CASE WHEN g.departure_recorded THEN g.from_place ELSE coalesce(g.from_party, g.from_place) END')} AS from_place,
    ${FIRST(`CASE WHEN g.to_place = g.consignee OR starts_with(g.to_place, 'https://id.gs1.org/417/') THEN NULL ELSE g.to_place END`)} AS to_place,
    ${FIRST('g.from_party')} AS sender, ${FIRST('g.consignee')} AS consignee, ${momentColumn('min(g.shipped_at)')} AS shipped_at,
    ${FIRST('g.departure_recorded')} AS departure_recorded, ${momentColumn('min(g.received_at)')} AS received_at,
    min(g.due) AS due, array_remove(array_agg(DISTINCT e.event ORDER BY e.event), NULL) AS events
  FROM legs g LEFT JOIN LATERAL jsonb_array_elements_text(g.events) AS e(event) ON true GROUP BY g.shipment
)
SELECT * FROM known
UNION ALL
SELECT u.event, min(u.node->>'from'), min(u.node->>'to'), min(u.node->>'sender'), min(u.node->>'consignee'),
  min((u.node->>'shippedAt')::timestamptz), true, NULL, NULL, ARRAY[u.event::text]
FROM (${UNKNOWN(s)}) u WHERE NOT EXISTS (SELECT FROM ${s}.shipment_legs g WHERE g.act = u.event) GROUP BY u.event`;

const SHIPMENT_LOTS = (s: string): string => `
SELECT g.shipment, g.lot, g.unit AS logistic_unit, g.value AS amount, ${unitColumn('g.dimension')} AS unit, g.outstanding
FROM (${LEGS(s)}) g
UNION ALL
SELECT u.event, NULL, u.unit, NULL, NULL, NULL FROM (${UNKNOWN(s)}) u`;

/** Shipments as the record has them, and what travelled with each. */
export const SHIPMENT_VIEWS = (s: string): Readonly<Record<string, string>> => ({
  shipments: SHIPMENTS(s),
  shipment_lots: SHIPMENT_LOTS(s),
});
