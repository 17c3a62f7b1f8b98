import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import fc from 'fast-check';
import { createModel, type Model } from './specs/model.js';
import { recorded, seafood } from './specs/recorded.js';

describe('any order of arrival', () => {
  let database: TestDatabase;
  let model: Model;
  beforeAll(async () => {
    database = await createTestDatabase();
    model = await createModel(database, 'm');
  });
  afterAll(() => database.drop());

  it('gives the same model of the seafood file, with duplicates and in batches of any size', async () => {
    const { masterData, events } = seafood();
    const all = [...masterData, ...events];
    await model.apply(recorded(all));
    const expected = await model.exported();
    expect(expected.filter((row) => row.startsWith('{"table":"discrepancies"'))).toHaveLength(8);

    const arrival = fc.record({
      order: fc.shuffledSubarray(all, { minLength: all.length }),
      again: fc.array(fc.constantFrom(...all), { maxLength: 8 }),
      batch: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(arrival, async ({ order, again, batch }) => {
        await model.empty();
        const log = recorded([...order, ...again]);
        for (let at = 0; at < log.length; at += batch) await model.apply(log.slice(at, at + batch));
        expect(await model.exported()).toEqual(expected);
      }),
      { numRuns: 20, seed: 20220304 },
    );
  });
});
