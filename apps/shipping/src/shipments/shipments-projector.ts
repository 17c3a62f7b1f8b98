import {
  DispatchAbandoned,
  ReturnReceived,
  ShipmentCancelled,
  ShipmentDelivered,
  ShipmentDispatched,
  ShipmentPacked,
  ShipmentPlanned,
  type RecordedEvent,
} from '#contracts';
import type { Projector } from '#projections';
import { evolve, type PlannedShipment, type Shipment, type ShipmentEvent } from '../domain/shipment.js';

/** Shipping's read model: every shipment as its stream has it, for lists. */
export const SHIPMENTS = 'shipments';

const TABLES = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.shipments (
  id         text COLLATE "C" PRIMARY KEY,
  status     text NOT NULL,
  from_place text COLLATE "C" NOT NULL,
  consignee  text COLLATE "C" NOT NULL,
  due        text,
  lots       text[] NOT NULL,
  revision   integer NOT NULL,
  state      json NOT NULL
);
CREATE INDEX IF NOT EXISTS shipments_status ON ${s}.shipments (status, id);
CREATE INDEX IF NOT EXISTS shipments_consignee ON ${s}.shipments (consignee, id);
CREATE INDEX IF NOT EXISTS shipments_lots ON ${s}.shipments USING gin (lots);`;

const READ = (s: string): string => `SELECT id, revision, state FROM ${s}.shipments WHERE id = ANY ($1::text[])`;

const UPSERT = (s: string): string => `
INSERT INTO ${s}.shipments (id, status, from_place, consignee, due, lots, revision, state)
SELECT id, status, from_place, consignee, due, ARRAY(SELECT json_array_elements_text(lots)), revision, state
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::int[], $8::json[])
  AS v(id, status, from_place, consignee, due, lots, revision, state)
ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, from_place = EXCLUDED.from_place, consignee = EXCLUDED.consignee,
  due = EXCLUDED.due, lots = EXCLUDED.lots, revision = EXCLUDED.revision, state = EXCLUDED.state`;

const HANDLED = [
  ShipmentPlanned,
  ShipmentPacked,
  DispatchAbandoned,
  ShipmentDispatched,
  ShipmentDelivered,
  ShipmentCancelled,
  ReturnReceived,
];

const shipmentOf = (event: RecordedEvent): string => (event.data as { shipment: string }).shipment;

interface Entry {
  shipment: Shipment;
  revision: number;
}

export const shipmentsProjector: Projector = {
  name: SHIPMENTS,
  version: 1,
  handles: new Map(HANDLED.map(({ type, version }) => [type, version])),
  createSchema: async ({ client, schema }) => {
    await client.query(TABLES(schema));
  },
  apply: async ({ client, schema }, events) => {
    const ids = [...new Set(events.map(shipmentOf))];
    if (ids.length === 0) return;
    const { rows } = await client.query<{ id: string; revision: number; state: PlannedShipment }>(READ(schema), [ids]);
    const entries = new Map<string, Entry>(rows.map((r) => [r.id, { shipment: r.state, revision: r.revision }]));
    for (const event of events) {
      const id = shipmentOf(event);
      const entry = entries.get(id) ?? { shipment: undefined, revision: -1 };
      if (event.revision <= entry.revision) continue;
      const shipment = evolve(entry.shipment, event as unknown as ShipmentEvent);
      entries.set(id, { shipment, revision: event.revision });
    }
    const known = [...entries].flatMap(([id, { shipment, revision }]) =>
      shipment ? [{ id, shipment, revision }] : [],
    );
    await client.query(UPSERT(schema), [
      known.map((e) => e.id),
      known.map((e) => e.shipment.status),
      known.map((e) => e.shipment.from),
      known.map((e) => e.shipment.consignee),
      known.map((e) => e.shipment.due ?? null),
      known.map((e) => JSON.stringify([...new Set(e.shipment.lines.map((line) => line.lot))])),
      known.map((e) => e.revision),
      known.map((e) => JSON.stringify(e.shipment)),
    ]);
  },
  export: async function* ({ client, schema }) {
    const { rows } = await client.query<object>(`SELECT id, status, state FROM ${schema}.shipments ORDER BY id`);
    for (const row of rows) yield { table: 'shipments', row };
  },
};
