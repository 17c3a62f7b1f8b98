import { amountOf, decimal } from '#kernel';
import type { Happening, LotDates } from '../../happening.js';
import type { Discrepancy } from '../../ledger/index.js';
import { transformationNode } from '../../memory-graph/index.js';
import { shipmentNodes } from '../../memory-graph/shipments.js';
import { unitLegs } from '../../memory-graph/unit-contents.js';
import type { LotNode, Membership, ShipmentNode, Stay, TraceGraph, TransformationNode } from '../../trace/index.js';
import type { FlowRow, MoveRow, ShipmentRow } from '../derive/lot-rows.js';
import { compareText } from '../derive/order.js';
import { readMasterData } from '../master-data.js';
import type { Queryable } from '../unnest.js';
import { afterInheritedExpiry } from './inherited-expiry.js';
import { overdue, type Punctuality } from './overdue.js';
import { LEG, legOf } from './shipment-leg.js';

const RESOLVED = (s: string): string =>
  `SELECT coalesce(a.stands_for, v.id) AS id FROM unnest($1::text[]) AS v(id) LEFT JOIN ${s}.aliases a USING (id)`;

const LOTS = (s: string): string => `
WITH asked AS (SELECT DISTINCT id FROM (${RESOLVED(s)}) x)
SELECT asked.id, l.node, d.dates, (
  SELECT array_agg(DISTINCT p.event_id ORDER BY p.event_id) FROM ${s}.parked p
  WHERE p.id = asked.id OR p.id IN (SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = asked.id)) AS parked
FROM asked LEFT JOIN ${s}.lots l USING (id) LEFT JOIN ${s}.dates d ON d.owner = l.owner
WHERE l.kind IS DISTINCT FROM 'pool'`;

const FIND = (s: string): string => `
SELECT id FROM ${s}.lots WHERE (lot_code = $1 OR (supplier_lot IS NOT NULL AND supplier_lots ? $1)) AND ($2::text IS NULL OR item = $2)
  AND kind IN ('lot', 'serial') ORDER BY id`;

// A lot is also in what names a unit that ever held it; whether it was in it then is looked at afterwards.
const TRANSFORMATIONS = (s: string): string => `
WITH RECURSIVE up(id) AS (
  SELECT id COLLATE "C" FROM unnest($1::text[]) AS v(id)
  UNION
  SELECT y.unit FROM up JOIN ${s}.stays y ON y.content = up.id
)
SELECT DISTINCT ON (t.id) t.id, t.kind, t.event_time AS "eventTime", t.place, t.inputs, t.outputs, t.events, t.happenings
FROM up JOIN ${s}.legs l ON l.lot = up.id AND l.role = $2 JOIN ${s}.transformations t ON t.owner = l.owner AND t.id = l.id
ORDER BY t.id`;

const INSIDE = (s: string): string => `
WITH RECURSIVE down(id) AS (
  SELECT id COLLATE "C" FROM unnest($1::text[]) AS v(id)
  UNION
  SELECT y.content FROM down JOIN ${s}.stays y ON y.unit = down.id
)
SELECT y.unit, y.content, y.from_time, y.to_time FROM down JOIN ${s}.stays y ON y.unit = down.id
ORDER BY y.unit, y.n`;

const FLOWS = (s: string): string =>
  `SELECT lot, side, event, dimension, value::text FROM ${s}.flows WHERE lot = ANY ($1::text[]) ORDER BY lot, n`;

/** All legs of the acts that moved any of these lots. */
const SHIPMENT_LEGS = (s: string): string => `
SELECT ${LEG} FROM ${s}.shipment_legs
WHERE act IN (SELECT act FROM ${s}.shipment_legs WHERE lot = ANY ($1::text[])) ORDER BY lot, n`;

const OWN_LEGS = (s: string): string => `SELECT ${LEG} FROM ${s}.shipment_legs WHERE lot = ANY ($1::text[])`;

const UNIT_DEPARTURES = (s: string): string =>
  `SELECT unit, event, node FROM ${s}.unit_departures WHERE unit = ANY ($1::text[]) ORDER BY unit, n`;

const MOVES = (s: string): string => `
SELECT lot, from_place, from_party, to_place, consignee, dimension, value::text, unit, time, events, cause
FROM ${s}.inferred_moves WHERE lot = ANY ($1::text[]) ORDER BY lot, n`;

const STAYS = (s: string, by: 'unit' | 'content'): string => `
SELECT unit, content, from_time, to_time FROM ${s}.stays WHERE ${by} = ANY ($1::text[]) ORDER BY unit, n`;

const MEMBERSHIPS = (s: string): string => `
SELECT DISTINCT serial, lot FROM ${s}.members WHERE serial = ANY ($1::text[]) OR lot = ANY ($1::text[]) ORDER BY serial, lot`;

const DISCREPANCIES = (s: string): string => `
SELECT DISTINCT ON (d.time, d.key) d.detail FROM ${s}.nodes n JOIN ${s}.discrepancies d ON d.owner = n.node
WHERE d.lot = ANY ($1::text[]) AND d.closed_at IS NULL AND (n.class = 'transformation' OR n.id = ANY ($1::text[]))
ORDER BY d.time, d.key`;

// Both names of a lot and the facts that name either, or only a shipment of it; a declaration mentions nothing.
const MENTIONS = (s: string): string => `
SELECT f.event_id FROM unnest($1::text[], $2::text[], $3::text[]) AS m(id, since, until)
CROSS JOIN LATERAL (SELECT m.id UNION SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = m.id) name(id)
JOIN ${s}.nodes n ON n.id = name.id AND n.class = 'thing'
CROSS JOIN LATERAL (
  SELECT i.fact FROM ${s}.incidence i WHERE i.node = n.node
  UNION
  SELECT far.fact FROM ${s}.incidence i JOIN ${s}.incidence by ON by.fact = i.fact AND by.class = 'shipment'
  JOIN ${s}.incidence far ON far.node = by.node
  WHERE i.node = n.node AND NOT EXISTS (SELECT FROM ${s}.incidence t WHERE t.fact = far.fact AND t.class = 'thing')
) i JOIN ${s}.facts f USING (fact)
WHERE f.voided_at IS NULL AND NOT f.declaration
  AND (m.since IS NULL OR f.time_key >= m.since) AND (m.until IS NULL OR f.time_key <= m.until)
GROUP BY f.event_id ORDER BY min(f.time_key), f.event_id`;

interface StayRow {
  unit: string;
  content: string;
  from_time: string;
  to_time: string | null;
}

interface TransformationRow extends TransformationNode {
  happenings: Happening[] | null;
}

const stay = (row: StayRow): Stay => ({
  unit: row.unit,
  content: row.content,
  from: row.from_time,
  ...(row.to_time !== null && { to: row.to_time }),
});

const inOrderOfTime = (a: Discrepancy, b: Discrepancy): number =>
  compareText(a.time, b.time) || compareText(a.key, b.key);

const unheard = (id: string, parked: readonly string[]): LotNode => ({
  ...{ id, kind: 'lot', item: null, lotCode: null, dates: {}, status: 'available' },
  ...{ made: [], received: [], onHand: [], parked },
});

/**
 * The graph as it is, from the derived rows: one query for each level of a walk, whatever the number of ids.
 * @param client to see one state throughout, a client in a REPEATABLE READ transaction; a pool sees each query's own.
 * @param position the log position of that state.
 * @param punctuality where given, discrepancies tell what is overdue.
 */
export const presentGraph = (
  client: Queryable,
  schema: string,
  position: string,
  punctuality?: Punctuality,
): TraceGraph => {
  const rows = async <Row extends object>(sql: string, ...parameters: unknown[]): Promise<Row[]> =>
    (await client.query<Row>(sql, parameters)).rows;

  const contentsOf = async (units: readonly string[]): Promise<Map<string, Stay[]>> =>
    units.length === 0 ? new Map() : Map.groupBy((await rows<StayRow>(INSIDE(schema), units)).map(stay), (s) => s.unit);

  /** Units among the legs are what they held then. */
  const withContents = async (nodes: readonly TransformationRow[]): Promise<TransformationNode[]> => {
    const mixed = nodes.filter((node) => node.happenings !== null);
    if (mixed.length === 0) return nodes.map(({ happenings: _, ...node }) => node);
    const units = mixed.flatMap((node) =>
      [...node.inputs, ...node.outputs].filter((each) => each.kind === 'unit').map((each) => each.lot),
    );
    const contents = await contentsOf([...new Set(units)]);
    const inside = [...new Set([...contents.values()].flat().map((s) => s.content))];
    const flows = Map.groupBy(await rows<FlowRow>(FLOWS(schema), inside), (row) => row.lot);
    const parts = (
      lot: string,
      side: FlowRow['side'],
    ): { event: string; dimension: string; value: ReturnType<typeof decimal> }[] =>
      (flows.get(lot) ?? []).filter((row) => row.side === side).map((row) => ({ ...row, value: decimal(row.value) }));
    const legsOf = unitLegs({ contentsOf: contents }, (lot) => ({
      consumptions: parts(lot, 'input'),
      sources: parts(lot, 'output'),
    }));
    return nodes.map(({ happenings, ...node }) =>
      happenings === null ? node : transformationNode(node.id, happenings, legsOf),
    );
  };
  const transformations = async (lots: readonly string[], role: 'input' | 'output'): Promise<TransformationNode[]> => {
    const asked = new Set(lots);
    const nodes = await withContents(await rows<TransformationRow>(TRANSFORMATIONS(schema), lots, role));
    return nodes.filter((node) => (role === 'input' ? node.inputs : node.outputs).some((each) => asked.has(each.lot)));
  };

  /** Departures of units of which nothing tells what they held. */
  const unknownShipments = async (ids: readonly string[]): Promise<ShipmentNode[]> => {
    const departures = await rows<{ unit: string; event: string; node: ShipmentNode }>(UNIT_DEPARTURES(schema), ids);
    if (departures.length === 0) return [];
    const contents = await contentsOf([...new Set(departures.map((d) => d.unit))]);
    const inside = (unit: string, seen = new Set([unit])): Set<string> => {
      for (const { content } of contents.get(unit) ?? []) if (!seen.has(content)) inside(content, seen.add(content));
      return seen;
    };
    const legs = await rows<ShipmentRow>(OWN_LEGS(schema), [
      ...new Set([...contents.values()].flat().map((s) => s.content)),
    ]);
    return departures
      .filter(({ unit, event }) => {
        const held = inside(unit);
        return !legs.some((each) => held.has(each.lot) && (each.departure === event || each.events.includes(event)));
      })
      .map((d) => d.node);
  };

  return {
    position,
    find: async (lotCode, item) =>
      (await rows<{ id: string }>(FIND(schema), lotCode, item ?? null)).map((row) => row.id),
    lots: async (ids) =>
      (
        await rows<{ id: string; node: LotNode | null; dates: LotDates | null; parked: string[] | null }>(
          LOTS(schema),
          ids,
        )
      ).flatMap(({ id, node, dates, parked }) =>
        node === null
          ? parked === null
            ? []
            : [unheard(id, parked)]
          : [{ ...node, dates: dates ?? {}, ...(parked !== null && { parked }) }],
      ),
    consumedBy: (lots) => transformations(lots, 'input'),
    madeBy: (lots) => transformations(lots, 'output'),
    memberships: (ids) => rows<Membership>(MEMBERSHIPS(schema), ids),
    unitsOf: async (contents) => (await rows<StayRow>(STAYS(schema, 'content'), contents)).map(stay),
    contentsOf: async (units) => (await rows<StayRow>(STAYS(schema, 'unit'), units)).map(stay),
    shipments: async (ids) => {
      const legs = await rows<ShipmentRow>(SHIPMENT_LEGS(schema), ids);
      const moved = new Set(legs.map((row) => row.lot));
      const pieces = await rows<Membership>(MEMBERSHIPS(schema), [...moved]);
      // A piece whose lot is listed is in the lot's own row.
      const counted = new Set(pieces.filter((m) => moved.has(m.lot)).map((m) => m.serial));
      return [
        ...shipmentNodes(legs.filter((row) => !counted.has(row.lot)).map((row) => ({ lot: row.lot, leg: legOf(row) }))),
        ...(await unknownShipments(ids)),
      ];
    },
    inferredMovements: async (lots) =>
      (await rows<MoveRow>(MOVES(schema), lots)).map((row) => ({
        lot: row.lot,
        from: row.from_place,
        to: row.to_place,
        fromParty: row.from_party,
        toParty: row.consignee,
        amount: amountOf(decimal(row.value), row.dimension),
        events: row.events,
      })),
    discrepancies: async (ids) => {
      const found = (await rows<{ detail: Discrepancy }>(DISCREPANCIES(schema), ids)).map((row) => row.detail);
      const late = punctuality === undefined ? [] : await overdue(client, schema, punctuality, ids);
      const expired = await afterInheritedExpiry(client, schema, ids);
      return late.length + expired.length === 0 ? found : [...found, ...late, ...expired].sort(inOrderOfTime);
    },
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
