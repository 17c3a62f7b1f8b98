import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { uuidFromName } from '#kernel';
import type { ReadSnapshot } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testkit';
import fc from 'fast-check';
import { SUPPLIES } from '../../read-model/supplies-table.js';
import { expiryProjector } from '../../read-model/expiry-projector.js';
import { hourText, recorded, SISTER, stories, type Told, US } from '../../read-model/supply-story.fixture.js';
import { type AsOf, suppliesAt } from './supplies-at.js';
import { readScorecards, run } from './view-suppliers.js';

type Row = Record<string, any>;

/** The same once more, lot by lot and without SQL. */
const naive = (all: readonly Row[], ours: readonly string[]): unknown[] => {
  const isOurs = (party: string): boolean => ours.includes(party);
  const amountOfRow = (row: Row): number => Number(ours.length === 0 ? row.outside : row.received);
  const isReturn = (row: Row): boolean =>
    all.some((b) => b.lot === row.lot && isOurs(b.sender) && b.receiver === row.sender && b.left_at < row.left_at);
  const supplied = all.filter(
    (row) =>
      row.sender !== null &&
      row.received_on !== null &&
      amountOfRow(row) > 0 &&
      (ours.length === 0 || (!isOurs(row.sender) && (row.receiver === null || isOurs(row.receiver)) && !isReturn(row))),
  );
  return [...Map.groupBy(supplied, ({ sender }) => sender as string)].map(([sender, rows]) => {
    const lots = [...Map.groupBy(rows, ({ lot }) => lot as string).values()].map(
      (of) =>
        of.toSorted((a, b) =>
          a.received_at < b.received_at ? -1 : a.received_at > b.received_at ? 1 : a.receiver < b.receiver ? -1 : 1,
        )[0]!,
    );
    const count = (column: string): number => lots.filter((lot) => lot[column]).length;
    const dimensions = [...new Set(rows.map(({ dimension }) => dimension as string))].sort();
    const sum = (dimension: string): number =>
      rows.filter((row) => row.dimension === dimension).reduce((total, row) => total + amountOfRow(row), 0);
    const days = lots.flatMap(({ days_left }) => days_left ?? []).sort((a, b) => a - b);
    return [
      ...[sender, lots.length, count('rejected'), count('failed'), count('held')],
      lots.reduce((total, { inspections }) => total + Number(inspections), 0),
      ...[count('due'), count('late'), lots.map(({ received_on }) => received_on).sort()[0], days[0] ?? null],
      dimensions.map((dimension) => `${sum(dimension)} ${dimension === 'mass' ? 'KGM' : 'EA'}`).join(),
    ];
  });
};

/** The read model in a schema of its own. */
const modelIn = async ({ pool }: TestDatabase, schema: string) => {
  const inTransaction = async <T>(work: (context: any) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work({ client, schema, rebuilding: false });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
  await inTransaction(async (context) => {
    await context.client.query(`CREATE SCHEMA ${schema}`);
    await expiryProjector.createSchema(context);
  });
  const tables = (await pool.query(`SELECT tablename FROM pg_tables WHERE schemaname = $1`, [schema])).rows;
  return {
    apply: (events: readonly RecordedEvent[]) => inTransaction((context) => expiryProjector.apply(context, events)),
    empty: async () => {
      await pool.query(tables.map(({ tablename }) => `DELETE FROM ${schema}.${tablename}`).join(';'));
    },
    exported: () =>
      inTransaction(async (context) => {
        const lines: string[] = [];
        for await (const row of expiryProjector.export(context)) lines.push(JSON.stringify(row));
        return lines;
      }),
    /** The rows, and what the scorecards make of them, recalls aside. */
    score: (ours: readonly string[]) =>
      inTransaction(async ({ client }) => {
        const snapshot = { client, schema, position: '9'.repeat(16) };
        const at = await suppliesAt(snapshot, {});
        const cards = await readScorecards(snapshot, at, { filter: { ours } });
        return {
          rows: (await client.query(`SELECT * FROM ${schema}.supplies`)).rows as Row[],
          cards: cards.map((card) => [
            ...[card.supplier.id, card.lots, card.rejected.count, card.failedLots, card.held, card.inspections.of],
            ...[card.late.of, card.late.count, card.firstReceived, card.shelfLife.leastDaysLeft],
            card.amounts.map(({ received }) => `${received.value} ${received.unit}`).join(),
          ]),
        };
      }),
    /** Lots as of a moment and the numbers they go by, and how the aliases of then are found. */
    owners: (asOf: AsOf, atOnce: number) =>
      inTransaction(async ({ client }) => {
        const asked: [string, unknown[]][] = [];
        const query = (text: string, values: unknown[] = []) => {
          if (/^\s*SELECT happenings .*LotsSeparated/s.test(text)) asked.push([text, values]);
          return client.query(text, values);
        };
        const snapshot = { client: { query } as unknown as ReadSnapshot['client'], schema, position: '9'.repeat(16) };
        const at = await suppliesAt(snapshot, asOf, atOnce);
        const owners = await run<{ lot: string; owner: string }>(snapshot, (bind) => at.rows(['lot', 'owner'], bind));
        await client.query('SET LOCAL enable_seqscan = off');
        const plans: string[] = [];
        for (const [text, values] of asked)
          plans.push(JSON.stringify((await client.query(`EXPLAIN ${text}`, values)).rows));
        return { owners, plans };
      }),
    /** All rows and all scorecards as of a moment. */
    read: (asOf: AsOf) =>
      inTransaction(async ({ client }) => {
        const snapshot = { client, schema, position: '9'.repeat(16) };
        const at = await suppliesAt(snapshot, asOf);
        const rows = await run<Record<string, unknown>>(snapshot, (bind) =>
          at.rows(Object.keys(SUPPLIES.columns), bind),
        );
        const cards = await readScorecards(snapshot, at, { filter: { ours: [US] }, agreedDaysLeft: 10 });
        return {
          rows: rows.map((row) => JSON.stringify(row)).sort(),
          cards: cards.sort((a, b) => (a.supplier.id < b.supplier.id ? -1 : 1)),
        };
      }),
  };
};

describe('supplies', () => {
  let database: TestDatabase;
  let model: Awaited<ReturnType<typeof modelIn>>;
  let other: Awaited<ReturnType<typeof modelIn>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    [model, other] = [await modelIn(database, 'whole'), await modelIn(database, 'part')];
  });
  afterAll(() => database.drop());

  /** What the stories met, so that a comparison of nothing is none. */
  const met = { cards: 0, defective: 0, recalled: 0, late: 0, differs: 0 };
  const look = ({ cards }: Awaited<ReturnType<typeof model.read>>): void => {
    for (const card of cards) {
      met.cards += 1;
      met.defective += card.defects.count;
      met.recalled += card.recalls.lots;
      met.late += card.late.count;
    }
  };
  afterAll(() => expect(Object.entries(met).filter(([, n]) => n === 0)).toEqual([]));

  const applyIn = async (to: typeof model, log: readonly RecordedEvent[], batch: number): Promise<void> => {
    await to.empty();
    for (let at = 0; at < log.length; at += batch) await to.apply(log.slice(at, at + batch));
  };

  it('are the same for any order of arrival, with duplicates, in batches of any size, and add up', async () => {
    let [rows, several] = [0, 0];
    const arrival = stories.chain((story) =>
      fc.record({
        story: fc.constant(story),
        order: fc.shuffledSubarray(story, { minLength: story.length }),
        again: fc.subarray(story),
        batch: fc.integer({ min: 1, max: 5 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(arrival, async ({ story, order, again, batch }) => {
        await applyIn(model, recorded(story), story.length);
        const expected = await model.exported();
        rows += expected.filter((line) => line.startsWith('{"table":"supplies"')).length;
        await applyIn(other, recorded([...order, ...again]), batch);
        expect(await other.exported()).toEqual(expected);
        for (const ours of [[US], [US, SISTER], []]) {
          const { rows: all, cards } = await other.score(ours);
          expect(cards.sort()).toEqual(naive(all, ours).sort());
          several += all.filter((row) => row.receivers > 1 && row.received > 0).length;
        }
      }),
      { numRuns: 12, seed: 20260301 },
    );
    expect(rows).toBeGreaterThan(20);
    expect(several).toBeGreaterThan(5);
  });

  it('as of a position are what a model that knows no more has', async () => {
    await fc.assert(
      fc.asyncProperty(
        stories,
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 30, max: 100 }),
        async (story, batch, at) => {
          const log = recorded(story);
          const known = log.slice(0, 1 + Math.floor((at / 100) * (log.length - 1)));
          await applyIn(model, log, batch);
          await applyIn(other, known, known.length);
          const last = known.at(-1);
          const expected = await other.read({});
          look(expected);
          if (JSON.stringify(await model.read({})) !== JSON.stringify(expected)) met.differs += 1;
          expect(await model.read({ position: last?.position })).toEqual(expected);
          expect(await model.read({ recordTime: last?.recordTime })).toEqual(expected);
        },
      ),
      { numRuns: 12, seed: 20260301 },
    );
  });

  it('tell lots apart that go by one name now, however many are folded at once', async () => {
    const lots = ['urn:test:lot:A', 'urn:test:lot:B', 'urn:test:lot:C'];
    const received: Told[] = lots.map((lot, n) => ({
      ...{ id: uuidFromName(lot), type: 'GoodsReceived', hour: n },
      data: {
        ...{ eventId: `urn:test:received:${n}`, place: 'urn:test:place:depot', supplier: 'urn:test:party:farm' },
        goods: [{ lot, quantity: { value: '10', unit: 'KGM' } }],
      },
    }));
    const same: Told = {
      ...{ id: uuidFromName('same'), type: 'LotsIdentified', hour: 9 },
      data: { eventId: 'urn:test:same', lots },
    };
    const log = recorded([...received, same]);
    await applyIn(model, log, log.length);
    for (const atOnce of [1, 2, 3]) {
      const { owners, plans } = await model.owners({ position: log[2]?.position }, atOnce);
      expect([owners.map(({ lot }) => lot).sort(), new Set(owners.map(({ owner }) => owner)).size]).toEqual([lots, 3]);
      // All aliases are read once a question, and not among all facts.
      expect(plans).toEqual([expect.stringContaining('facts_aliases')]);
    }
  });

  it('as of a position are the same where events were applied in any order', async () => {
    const applied = stories.chain((story) => {
      const log = recorded(story);
      return fc.record({
        log: fc.constant(log),
        // Backwards, what came after the moment is applied before what makes the rows.
        order: fc.oneof(fc.constant(log.toReversed()), fc.shuffledSubarray(log, { minLength: log.length })),
        batch: fc.integer({ min: 1, max: 3 }),
        until: fc.integer({ min: 4, max: log.length }),
      });
    });
    await fc.assert(
      fc.asyncProperty(applied, async ({ log, order, batch, until }) => {
        const known = log.slice(0, until);
        await applyIn(model, order, batch);
        await applyIn(other, known, known.length);
        expect(await model.read({ position: known.at(-1)?.position })).toEqual(await other.read({}));
      }),
      { numRuns: 16, seed: 20260301 },
    );
  });

  it('as of an event time are what a model has that was told no more than what had happened', async () => {
    const happened = ({ type, hour }: Told, until: number): boolean =>
      hour <= until || type === 'FactVoided' || type === 'MasterDataCaptured';
    await fc.assert(
      fc.asyncProperty(stories, fc.integer({ min: 1, max: 40 }), async (story, until) => {
        const log = recorded(story);
        await applyIn(model, log, log.length);
        await applyIn(
          other,
          log.filter((_, i) => happened(story[i]!, until)),
          log.length,
        );
        const expected = await other.read({});
        look(expected);
        expect(await model.read({ eventTimeTo: hourText(until) })).toEqual(expected);
      }),
      { numRuns: 12, seed: 20260301 },
    );
  });
});
