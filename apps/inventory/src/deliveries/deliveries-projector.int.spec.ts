import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeliveryAnnounced, DeliveryCancelled, LotReceived, type DataOf, type RecordedEvent } from '#contracts';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { deliveriesProjector } from './deliveries-projector.js';

const MILK = 'https://id.gs1.org/01/09506000134352';
const kg = (n: number) => ({ value: String(n), unit: 'KGM' });

const recorded = (n: number, stream: string, revision: number, type: string, data: object): RecordedEvent => ({
  ...{ id: `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`, type, schemaVersion: 1, data, stream, revision },
  eventTime: `2026-04-2${n % 5}T08:00:00Z`,
  meta: { source: 'test', actor: 'test', correlationId: 'test' },
  position: String(n).padStart(16, '0'),
  recordTime: '2026-04-20T08:00:00Z',
});
const announced = (n: number, delivery: string, amount: number): RecordedEvent =>
  recorded(n, `delivery-${delivery}`, 0, DeliveryAnnounced.type, {
    ...{ delivery, supplier: 'urn:party:farm', due: '2026-04-22', lines: [{ item: MILK, amount: kg(amount) }] },
  } satisfies DataOf<typeof DeliveryAnnounced>);
const cancelled = (n: number, delivery: string): RecordedEvent =>
  recorded(n, `delivery-${delivery}`, 1, DeliveryCancelled.type, { delivery, reason: 'x' });
const received = (n: number, delivery: string | undefined, amount: number): RecordedEvent =>
  recorded(n, `stock-${MILK}`, n, LotReceived.type, {
    ...{ receipt: `GR-${n}`, lot: `${MILK}/10/${n}`, amount: kg(amount), place: 'urn:place:plant', quarantine: false },
    ...(delivery !== undefined && { delivery }),
  } satisfies DataOf<typeof LotReceived>);

const EVENTS = [
  ...[announced(1, 'A', 100), announced(2, 'B', 10), cancelled(3, 'B')],
  ...[
    received(4, 'A', 60),
    received(5, 'A', 40),
    received(6, 'B', 5),
    received(7, 'NEVER', 1),
    received(8, undefined, 9),
  ],
];

describe('expected deliveries as rows', () => {
  let database: TestDatabase;
  let schemas = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const inSchema = async (work: (schema: string) => Promise<void>): Promise<unknown> => {
    const schema = `d${++schemas}`;
    const client = await database.pool.connect();
    try {
      await client.query(`CREATE SCHEMA ${schema}`);
      await deliveriesProjector.createSchema({ client, schema, rebuilding: false });
      await work(schema);
      const { rows } = await client.query<object>(
        `SELECT id, status, revision, state->'cancelled'->>'reason' AS cancelled,
           (SELECT count(*)::int FROM ${schema}.delivery_receipts r WHERE r.delivery = d.id) AS receipts
         FROM ${schema}.deliveries d ORDER BY id`,
      );
      return rows;
    } finally {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      client.release();
    }
  };
  const apply = async (schema: string, events: readonly RecordedEvent[]): Promise<void> => {
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN');
      await deliveriesProjector.apply({ client, schema, rebuilding: false }, events);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  };
  const EXPECTED = [
    { id: 'A', status: 'delivered', revision: 0, cancelled: null, receipts: 2 },
    { id: 'B', status: 'cancelled', revision: 1, cancelled: 'x', receipts: 1 },
  ];

  it('are the same in whatever order announcements and receipts come, how often, and in how many batches', async () => {
    // Of one stream, a worker sees the events in their order.
    const order = fc.shuffledSubarray(EVENTS, { minLength: EVENTS.length }).map((events) => {
      const own = events.filter(({ stream }) => stream === 'delivery-B').sort((a, b) => a.revision - b.revision);
      return events.map((event) => (event.stream === 'delivery-B' ? (own.shift() ?? event) : event));
    });
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 1, max: 8 }), fc.boolean(), async (events, size, twice) => {
        const rows = await inSchema(async (schema) => {
          for (let from = 0; from < events.length; from += size) {
            const batch = events.slice(from, from + size);
            await apply(schema, batch);
            if (twice) await apply(schema, batch);
          }
        });
        expect(rows).toEqual(EXPECTED);
      }),
      { numRuns: 25 },
    );
  });

  it('are the same where workers of several partitions apply them at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const rows = await inSchema(async (schema) => {
        const byStream = [...Map.groupBy(EVENTS, ({ stream }) => stream).values()];
        await Promise.all(byStream.map((events) => apply(schema, events)));
      });
      expect(rows).toEqual(EXPECTED);
    }
  });
});
