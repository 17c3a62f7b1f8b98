import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { RecordedEvent } from '#contracts';
import type { ProjectionContext, Projector } from '#projections';
import { expiryProjector } from '../apps/expiry/src/read-model/expiry-projector.js';
import { genealogyProjector } from '../apps/genealogy/src/read-model/genealogy-projector.js';
import { stockProjector } from '../apps/inventory/src/known-stock/stock-projector.js';
import { lotlineCommand } from './support/command-line.js';
import { captureSeafood } from './support/seafood.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

const ORDERS = 200;
const PROJECTORS = [genealogyProjector, stockProjector, expiryProjector];

/** One read model in a schema of its own, filled without the engine so that the order of arrival is ours to choose. */
const modelOf = (pool: Pool, projector: Projector) => {
  const schema = `order_${projector.name}`;
  const inTransaction = async <T>(work: (context: ProjectionContext) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work({ client, schema, rebuilding: true });
      await client.query('COMMIT');
      return result;
    } finally {
      client.release();
    }
  };
  return {
    name: projector.name,
    create: () =>
      inTransaction(async (context) => {
        await context.client.query(`CREATE SCHEMA ${schema}`);
        await projector.createSchema(context);
      }),
    // DELETE, because TRUNCATE swaps files, which takes longer than these few rows.
    empty: async () => {
      const { rows } = await pool.query<{ statements: string }>(
        `SELECT string_agg(format('DELETE FROM %I.%I', schemaname, tablename), ';') AS statements
         FROM pg_tables WHERE schemaname = $1`,
        [schema],
      );
      await pool.query(rows[0]!.statements);
    },
    apply: (events: RecordedEvent[]) =>
      inTransaction((context) =>
        projector.apply(
          context,
          events.filter((event) => projector.handles.has(event.type)),
        ),
      ),
    exported: () =>
      inTransaction(async (context) => {
        const rows: string[] = [];
        for await (const row of projector.export(context)) rows.push(JSON.stringify(row));
        return rows;
      }),
  };
};

/** The same events as if the log had recorded them in this order. */
const inOrder = (events: readonly RecordedEvent[]): RecordedEvent[] =>
  events.map((event, i) => ({
    ...event,
    position: String(i + 1).padStart(16, '0'),
    recordTime: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
  }));

// Two hundred orders through three models are the longest of the everyday tests.
jest.setTimeout(300_000);

describe('the order in which the seafood events arrive', () => {
  let lotline: Standalone;
  let log: readonly RecordedEvent[];
  beforeAll(async () => {
    lotline = await startStandalone();
    await captureSeafood(lotline);
    log = (await lotline.running.infrastructure.log.readAll({})).events;
  });
  afterAll(() => lotline.stop());

  it(`makes no difference: ${ORDERS} random orders with random duplicates give the same read models`, async () => {
    const { pool } = lotline.running.infrastructure;
    const models = PROJECTORS.map((projector) => modelOf(pool, projector));
    for (const model of models) {
      await model.create();
      await model.apply(inOrder(log));
    }
    const expected = await Promise.all(models.map((model) => model.exported()));
    for (const rows of expected) expect(rows.length).toBeGreaterThan(5);

    const arrival = fc.record({
      order: fc.shuffledSubarray([...log], { minLength: log.length }),
      again: fc.array(fc.constantFrom(...log), { maxLength: 10 }),
      batch: fc.integer({ min: 4, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(arrival, async ({ order, again, batch }) => {
        const events = inOrder([...order, ...again]);
        await Promise.all(
          models.map(async (model, at) => {
            await model.empty();
            for (let from = 0; from < events.length; from += batch) await model.apply(events.slice(from, from + batch));
            expect([model.name, await model.exported()]).toEqual([model.name, expected[at]]);
          }),
        );
      }),
      { numRuns: ORDERS, seed: Number(process.env.LOTLINE_SEED ?? 20220122) },
    );
  });

  it('makes no difference to a rebuild: it equals the live model and takes its place', async () => {
    for (const { name } of PROJECTORS) {
      const { exitCode, printed } = await lotlineCommand(lotline.databaseUrl, 'projections', 'rebuild', name);
      expect([name, exitCode, printed]).toEqual([name, 0, expect.stringMatching(/equal/)]);
    }
  });
});
