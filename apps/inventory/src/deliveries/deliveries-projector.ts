import {
  DeliveryAnnounced,
  DeliveryCancelled,
  LotReceived,
  type DataOf,
  type RecordedEvent,
  type RecordedOf,
} from '#contracts';
import { calendarDay, canonicalId } from '#kernel';
import type { Projector } from '#projections';
import type { Queryable } from '#traceability';
import {
  evolveDelivery,
  type AnnouncedDelivery,
  type Delivery,
  type DeliveryEvent,
} from '../domain/delivery/delivery.js';
import { progressOf, type DeliveryReceipt } from '../domain/delivery/progress.js';

/** Inventory's read model of expected deliveries: what was announced, and what came of it. */
export const DELIVERIES = 'deliveries';

const TABLES = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.deliveries (
  id       text COLLATE "C" PRIMARY KEY,
  status   text NOT NULL,
  supplier text COLLATE "C" NOT NULL,
  place    text COLLATE "C",
  due      text COLLATE "C" NOT NULL,
  items    text[] NOT NULL,
  revision integer NOT NULL,
  state    json NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON ${s}.deliveries (due, id);
CREATE INDEX IF NOT EXISTS deliveries_open ON ${s}.deliveries (due, id) WHERE status IN ('expected', 'partial');
CREATE TABLE IF NOT EXISTS ${s}.delivery_receipts (
  event    text COLLATE "C" PRIMARY KEY,
  delivery text COLLATE "C" NOT NULL,
  state    json NOT NULL
);
CREATE INDEX IF NOT EXISTS delivery_receipts_delivery ON ${s}.delivery_receipts (delivery);`;

/**
 * Announcements and receipts come by partitions of their own, at the same time: whoever counts a delivery up sees what the
 * other recorded of it.
 */
const LOCK = `
SELECT pg_advisory_xact_lock(key) FROM (
  SELECT DISTINCT hashtextextended($1 || ' ' || id, 0) AS key FROM unnest($2::text[]) AS v(id) ORDER BY key) AS keys`;

const READ = (s: string): string => `SELECT id, revision, state FROM ${s}.deliveries WHERE id = ANY ($1::text[])`;
const RECEIPTS = (s: string): string =>
  `SELECT delivery, state FROM ${s}.delivery_receipts WHERE delivery = ANY ($1::text[]) ORDER BY event`;
const INSERT_RECEIPTS = (s: string): string => `
INSERT INTO ${s}.delivery_receipts (event, delivery, state)
SELECT * FROM unnest($1::text[], $2::text[], $3::json[]) ON CONFLICT (event) DO NOTHING`;
const UPSERT = (s: string): string => `
INSERT INTO ${s}.deliveries (id, status, supplier, place, due, items, revision, state)
SELECT id, status, supplier, place, due, ARRAY(SELECT json_array_elements_text(items)), revision, state
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::int[], $8::json[])
  AS v(id, status, supplier, place, due, items, revision, state)
ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, supplier = EXCLUDED.supplier, place = EXCLUDED.place,
  due = EXCLUDED.due, items = EXCLUDED.items, revision = EXCLUDED.revision, state = EXCLUDED.state`;

const isReceipt = (event: RecordedEvent): event is RecordedOf<typeof LotReceived> => event.type === LotReceived.type;

/** The delivery an event is about; most receipts name none. */
const deliveryOf = (event: RecordedEvent): string | undefined => (event.data as { delivery?: string }).delivery;

/** @param receivedAt when it came. */
export const deliveryReceipt = (data: DataOf<typeof LotReceived>, receivedAt: string): DeliveryReceipt => {
  const { receipt, lot, supplierLot, amount, dates } = data;
  const item = data.item ?? canonicalId(lot).item;
  return {
    receipt,
    lot,
    ...(item !== undefined && { item }),
    ...(supplierLot !== undefined && { supplierLot }),
    amount,
    receivedAt,
    ...(dates && { dates }),
  };
};

interface Entry {
  delivery: Delivery;
  revision: number;
}

/** What receipts say of a delivery, known by whichever came first. */
export const readReceipts = async (
  client: Queryable,
  schema: string,
  ids: readonly string[],
): Promise<Map<string, DeliveryReceipt[]>> => {
  const { rows } = await client.query<{ delivery: string; state: DeliveryReceipt }>(RECEIPTS(schema), [ids]);
  const receipts = new Map<string, DeliveryReceipt[]>();
  for (const { delivery, state } of rows) receipts.set(delivery, [...(receipts.get(delivery) ?? []), state]);
  return receipts;
};

export const deliveriesProjector: Projector = {
  name: DELIVERIES,
  version: 1,
  handles: new Map([DeliveryAnnounced, DeliveryCancelled, LotReceived].map(({ type, version }) => [type, version])),
  createSchema: async ({ client, schema }) => {
    await client.query(TABLES(schema));
  },
  apply: async ({ client, schema }, events) => {
    const named = events.flatMap((event) => {
      const id = deliveryOf(event);
      return id === undefined ? [] : [{ id, event }];
    });
    if (named.length === 0) return;
    const ids = [...new Set(named.map(({ id }) => id))];
    await client.query(LOCK, [schema, ids]);
    const came = named.flatMap(({ id, event }) => (isReceipt(event) ? [{ id, event }] : []));
    if (came.length > 0)
      await client.query(INSERT_RECEIPTS(schema), [
        came.map(({ event }) => event.id),
        came.map(({ id }) => id),
        came.map(({ event }) => JSON.stringify(deliveryReceipt(event.data, event.eventTime))),
      ]);
    const { rows } = await client.query<{ id: string; revision: number; state: AnnouncedDelivery }>(READ(schema), [
      ids,
    ]);
    const entries = new Map<string, Entry>(rows.map((r) => [r.id, { delivery: r.state, revision: r.revision }]));
    for (const { id, event } of named) {
      if (isReceipt(event)) continue;
      const entry = entries.get(id) ?? { delivery: undefined, revision: -1 };
      if (event.revision <= entry.revision) continue;
      const delivery = evolveDelivery(entry.delivery, event as unknown as DeliveryEvent);
      entries.set(id, { delivery, revision: event.revision });
    }
    const receipts = await readReceipts(client, schema, ids);
    const announced = [...entries].flatMap(([id, { delivery, revision }]) =>
      delivery ? [{ id, delivery, revision, progress: progressOf(delivery, receipts.get(id) ?? []) }] : [],
    );
    if (announced.length === 0) return;
    await client.query(UPSERT(schema), [
      announced.map(({ id }) => id),
      announced.map(({ progress }) => progress.status),
      announced.map(({ delivery }) => delivery.supplier),
      announced.map(({ delivery }) => delivery.place ?? null),
      announced.map(({ delivery }) => calendarDay(delivery.due) ?? delivery.due),
      announced.map(({ delivery }) => JSON.stringify([...new Set(delivery.lines.map(({ item }) => item))])),
      announced.map(({ revision }) => revision),
      announced.map(({ delivery }) => JSON.stringify(delivery)),
    ]);
  },
  export: async function* ({ client, schema }) {
    for (const [table, sql] of [
      ['deliveries', `SELECT id, status, state FROM ${schema}.deliveries ORDER BY id`],
      ['delivery_receipts', `SELECT event, delivery, state FROM ${schema}.delivery_receipts ORDER BY event`],
    ] as const) {
      const { rows } = await client.query<object>(sql);
      for (const row of rows) yield { table, row };
    }
  },
};
