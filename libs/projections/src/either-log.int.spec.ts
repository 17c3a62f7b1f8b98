import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEventStoreLog } from '#event-log';
import { type EventStoreForTests, eventStoreForTests } from '#testkit';
import { createPlant, type Plant, tallied, tallyProjector } from './specs/tally.spec.js';

type Part = Parameters<Plant['append']>[number];

/** Every application in its stream's order, and what is parked; batches are cut differently by different logs. */
const exported = async ({ pool }: Plant): Promise<unknown[][]> => {
  const applied = await pool.query(
    'SELECT stream, array_agg(event_id ORDER BY seq) AS ids, sum(amount) AS amount FROM tally_v1.entries GROUP BY stream ORDER BY stream',
  );
  const parked = await pool.query('SELECT event_id FROM tally_v1.incomplete ORDER BY event_id');
  return [applied.rows, parked.rows];
};

describe('a read model does not depend on which log holds its events', () => {
  let store: EventStoreForTests;
  let plants: Plant[];
  beforeEach(async () => {
    store = await eventStoreForTests();
    const { connectionString, name } = store;
    plants = await Promise.all([createPlant(), createPlant(() => createEventStoreLog({ connectionString, name }))]);
  });
  afterEach(async () => {
    await Promise.all(plants.map((plant) => plant.close()));
    await store.close();
  });

  it('is the same on PostgreSQL and EventStoreDB, though connections break and an event is parked', async () => {
    const before = Array.from({ length: 10 }, (_, n): Part => [`s-${n % 4}`, [tallied(n), tallied(n * 2)]]);
    const after = Array.from({ length: 10 }, (_, n): Part => {
      return [`s-${n % 4}`, [tallied(n, n === 5 ? 'thrown' : undefined)]];
    });
    const results = await Promise.all(
      plants.map(async (plant) => {
        await plant.append(...before);
        const runner = plant.runner([tallyProjector()]);
        await runner.start();
        await runner.reader.waitFor('tally', await plant.log.head(), 20_000);
        store.server?.dropConnections();
        await plant.append(...after);
        store.server?.endSubscriptions();
        store.server?.write('$stats-0.0.0.0:2113', '$statsCollected', 500);
        await runner.reader.waitFor('tally', await plant.log.head(), 20_000);
        return exported(plant);
      }),
    );
    expect(results[0]![1]!.length).toBeGreaterThan(0);
    expect(results[1]).toEqual(results[0]);
  });
});
