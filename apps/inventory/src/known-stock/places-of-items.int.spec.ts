import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Projections } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { createFactStore } from '#traceability';
import { createStockQueries } from './stock-queries.js';

const [MILK, CHEESE] = ['https://id.gs1.org/01/09506000134352', 'https://id.gs1.org/01/09506000134369'];
const [US, SHOP] = ['https://id.gs1.org/417/9506000100009', 'https://id.gs1.org/417/9506000300034'];

describe('places where any of an item is', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('CREATE SCHEMA s');
    const client = await database.pool.connect();
    try {
      await createFactStore({ schema: 's' }).createSchema(client);
    } finally {
      client.release();
    }
    await database.pool.query(
      `INSERT INTO s.lots (owner, n, id, item) VALUES (1, 0, 'lot:1', $1), (2, 0, 'lot:2', $1), (3, 0, 'lot:3', $2)`,
      [MILK, CHEESE],
    );
    await database.pool.query(
      `INSERT INTO s.balances (owner, n, place, party, dimension, value) VALUES
         (1, 0, 'urn:p:1', $1, 'mass', 5), (1, 1, 'urn:p:2', NULL, 'mass', 1), (1, 2, 'urn:p:3', $1, 'mass', 0),
         (2, 3, 'urn:p:1', $1, 'mass', 7), (2, 4, 'urn:p:shop', $2, 'mass', 7), (2, 5, NULL, NULL, 'mass', 7),
         (3, 6, 'urn:p:4', $1, 'mass', 1)`,
      [US, SHOP],
    );
  });
  afterAll(() => database.drop());

  const placesOf = async (items: string[], ownParties: string[]): Promise<string[]> => {
    const queries = createStockQueries({
      pool: database.pool,
      projections: { schemaOf: () => Promise.resolve('s') } as unknown as Projections,
      log: { head: () => Promise.resolve('') },
      days: { at: () => Promise.resolve(() => '2026-04-20') },
      ownParties,
    });
    return (await queries.placesOf(items)).sort();
  };

  it('are ours, as far as anybody said whose they are', async () => {
    expect(await placesOf([MILK], [US])).toEqual(['urn:p:1', 'urn:p:2']);
    expect(await placesOf([MILK], [])).toEqual(['urn:p:1', 'urn:p:2', 'urn:p:shop']);
    expect(await placesOf([MILK, CHEESE], [US])).toEqual(['urn:p:1', 'urn:p:2', 'urn:p:4']);
    expect(await placesOf(['urn:example:item:none'], [US])).toEqual([]);
  });
});
