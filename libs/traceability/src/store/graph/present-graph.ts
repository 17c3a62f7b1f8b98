import type { LotDates } from '../../happening.js';
import type { Discrepancy } from '../../ledger/index.js';
import type { Membership, Stay, TraceGraph, TransformationNode } from '../../trace/index.js';
import type { ConsumptionRow, LotRow, MoveRow, ShipmentRow } from '../derive/lot-rows.js';
import { readMasterData } from '../master-data.js';
import type { Queryable } from '../unnest.js';
import { inferredMovement, lotNode, shipmentNodes, withContents } from './assemble.js';

const LOTS = (s: string): string => `
SELECT l.*, d.dates,
       (SELECT array_agg(DISTINCT p.event_id ORDER BY p.event_id) FROM ${s}.parked p
        WHERE p.id = l.id OR p.id IN (SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = l.id)) AS parked
FROM ${s}.lots l LEFT JOIN ${s}.dates d ON d.owner = l.owner
WHERE l.id = ANY ($1::text[])`;

/** What only a parked event names is known too, as something of which nothing can be said yet. */
const PARKED_ONLY = (s: string): string => `
SELECT p.id, array_agg(DISTINCT p.event_id ORDER BY p.event_id) AS parked FROM ${s}.parked p
WHERE p.id = ANY ($1::text[]) GROUP BY p.id`;

const FIND = (s: string): string => `
SELECT id FROM ${s}.lots WHERE (lot_code = $1 OR supplier_lot = $1) AND ($2::text IS NULL OR item = $2) AND kind <> 'pool'
ORDER BY id`;

const TRANSFORMATIONS = (s: string): string => `
SELECT t.id, t.kind, t.event_time AS "eventTime", t.place, t.inputs, t.outputs, t.events FROM ${s}.transformations t
WHERE t.id IN (
  SELECT l.id FROM ${s}.legs l WHERE l.lot = ANY ($1::text[]) AND l.role = $2
  UNION SELECT c.transformation FROM ${s}.consumptions c WHERE c.lot = ANY ($1::text[]) AND $2 = 'input'
) ORDER BY t.id`;

const CONSUMED = (s: string): string => `
SELECT lot, transformation, dimension, value::text, event, time, place FROM ${s}.consumptions
WHERE transformation = ANY ($1::text[])`;

const SHIPMENT_LEGS = (s: string): string => `
SELECT lot, shipment, id, departure, departure_recorded, arrivals, from_place, from_party, to_place, consignee, dimension,
       value::text, unit, shipped_at, received_at, due, outstanding::text, contents_learnt_later, events
FROM ${s}.shipment_legs WHERE shipment IN (
  SELECT shipment FROM ${s}.shipment_legs WHERE lot = ANY ($1::text[])
  UNION SELECT shipment FROM ${s}.shipment_legs WHERE unit = ANY ($1::text[]))`;

const MOVES = (s: string): string => `
SELECT lot, from_place, from_party, to_place, consignee, dimension, value::text, unit, time, events, cause
FROM ${s}.inferred_moves WHERE lot = ANY ($1::text[]) ORDER BY lot, n`;

const STAYS = (s: string, by: 'unit' | 'content'): string => `
SELECT unit, content, from_time, to_time, amount FROM ${s}.stays WHERE ${by} = ANY ($1::text[]) ORDER BY unit, from_time, content`;

const DISCREPANCIES = (s: string): string => `
SELECT detail FROM ${s}.discrepancies WHERE lot = ANY ($1::text[]) AND closed_at IS NULL ORDER BY time, key`;

// Both names of a lot and the facts that name either; a declaration mentions nothing.
const MENTIONS = (s: string): string => `
SELECT f.event_id FROM unnest($1::text[], $2::text[], $3::text[]) AS m(id, since, until)
CROSS JOIN LATERAL (SELECT m.id UNION SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = m.id) name(id)
JOIN ${s}.nodes n ON n.id = name.id AND n.class = 'thing'
JOIN ${s}.incidence i USING (node) JOIN ${s}.facts f USING (fact)
WHERE f.voided_at IS NULL AND NOT f.declaration
  AND (m.since IS NULL OR f.time_key >= m.since) AND (m.until IS NULL OR f.time_key <= m.until)
GROUP BY f.event_id ORDER BY min(f.time_key), f.event_id`;

export interface StayRow {
  unit: string;
  content: string;
  from_time: string;
  to_time: string | null;
  amount: Stay['amount'] | null;
}

const stay = (row: StayRow): Stay => ({
  unit: row.unit,
  content: row.content,
  from: row.from_time,
  ...(row.to_time !== null && { to: row.to_time }),
  ...(row.amount !== null && row.amount !== undefined && { amount: row.amount }),
});

/**
 * The graph as it is, from the derived rows: one query for each level of a walk, whatever the number of ids.
 * @param client to see one state throughout, a client in a REPEATABLE READ transaction; a pool sees each query's own.
 * @param position the log position of that state.
 */
export const presentGraph = (client: Queryable, schema: string, position: string): TraceGraph => {
  const rows = async <Row extends object>(sql: string, ...parameters: unknown[]): Promise<Row[]> =>
    (await client.query<Row>(sql, parameters)).rows;
  const transformations = async (lots: readonly string[], role: 'input' | 'output'): Promise<TransformationNode[]> => {
    const nodes = await rows<TransformationNode>(TRANSFORMATIONS(schema), lots, role);
    const mixed = nodes.filter((node) => node.inputs.some((leg) => leg.kind === 'unit')).map((node) => node.id);
    if (mixed.length === 0) return nodes;
    const consumed = await rows<ConsumptionRow>(CONSUMED(schema), mixed);
    return nodes.map((node) => withContents(node, consumed));
  };
  return {
    position,
    find: async (lotCode, item) =>
      (await rows<{ id: string }>(FIND(schema), lotCode, item ?? null)).map((row) => row.id),
    lots: async (ids) => {
      const known = await rows<LotRow & { dates: LotDates | null; parked: string[] | null }>(LOTS(schema), ids);
      const found = known.map((row) => lotNode(row, row.dates ?? {}, row.parked ?? []));
      const missing = ids.filter((id) => !found.some((lot) => lot.id === id));
      if (missing.length === 0) return found;
      const parked = await rows<{ id: string; parked: string[] }>(PARKED_ONLY(schema), missing);
      return [
        ...found,
        ...parked.map(({ id, parked: events }) => ({
          ...{ id, kind: 'lot' as const, item: null, lotCode: null, dates: {}, status: 'unknown' },
          ...{ made: [], received: [], onHand: [], parked: events },
        })),
      ];
    },
    consumedBy: (lots) => transformations(lots, 'input'),
    madeBy: (lots) => transformations(lots, 'output'),
    memberships: (ids) =>
      rows<Membership>(
        `SELECT DISTINCT serial, lot FROM ${schema}.members WHERE serial = ANY ($1::text[]) OR lot = ANY ($1::text[])
         ORDER BY serial, lot`,
        ids,
      ),
    unitsOf: async (contents) => (await rows<StayRow>(STAYS(schema, 'content'), contents)).map(stay),
    contentsOf: async (units) => (await rows<StayRow>(STAYS(schema, 'unit'), units)).map(stay),
    shipments: async (ids) => shipmentNodes(await rows<ShipmentRow>(SHIPMENT_LEGS(schema), ids)),
    inferredMovements: async (lots) => (await rows<MoveRow>(MOVES(schema), lots)).map(inferredMovement),
    discrepancies: async (ids) =>
      (await rows<{ detail: Discrepancy }>(DISCREPANCIES(schema), ids)).map(({ detail }) => ({ ...detail })),
    mentions: async (mentions) =>
      (
        await rows<{ event_id: string }>(
          MENTIONS(schema),
          mentions.map((m) => m.id),
          mentions.map((m) => m.from ?? null),
          mentions.map((m) => m.to ?? null),
        )
      ).map((row) => row.event_id),
    parties: async (ids) => {
      const master = await readMasterData(client, schema, { parties: ids });
      return ids.map((id) => ({ id, name: master.party(id)?.name ?? null }));
    },
  };
};
