import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { LotlineError, measure, systemClock, ZERO } from '#kernel';
import { spontaneousContext } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { emptyBook, type BookEvent } from '../domain/book/book.js';
import { foldBook } from '../domain/book/evolve.js';
import type { RequestedLine } from '../domain/book/requested-line.js';
import { knownLot, knownStock } from '../domain/known-stock.fixture.js';
import { stockStreamOf } from '../domain/stock-stream.js';
import { createBookCache } from './book-cache.js';
import { createBookKeeper, type BookKeeper, type KnownStockReader } from './book-keeper.js';

const CALLERS = 32;
const PLANT = 'urn:example:place:plant';
const DAY = '2026-04-20';

/** The facts say so, and nothing new arrives: all that changes is what the books decide. */
const knownAs = (lots: Record<string, string>): KnownStockReader => ({
  read: () =>
    Promise.resolve(
      knownStock('0', ...Object.entries(lots).map(([lot, amount]) => knownLot(lot, { [PLANT]: amount }))),
    ),
  waitFor: () => Promise.resolve(),
});

describe('callers who want the same stock at the same time', () => {
  let database: TestDatabase;
  /** One log and one keeper a process: nothing but the log itself keeps two of them apart. */
  const logs: EventLog[] = [];
  let items = 0;

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: eventLogMigrations });
    for (let i = 0; i < 4; i++) logs.push(createPostgresEventLog({ connectionString: database.url }));
  });
  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await database.drop();
  });

  const newLot = (code = 'A'): string => `urn:lotline:lot:us:item-${++items}:${code}`;
  const keepers = (lots: Record<string, string>): BookKeeper[] =>
    // Books are carried forward all the time: no decision may get lost between a book and its successor.
    logs.map((log) => createBookKeeper({ log, known: knownAs(lots), clock: systemClock, carryForwardEvery: 3 }));

  const lines = (takes: readonly (readonly [lot: string, amount: string])[]): RequestedLine[] =>
    takes.map(([lot, amount], index) => ({ index, lot, place: PLANT, ...measure(amount, 'KGM') }));
  const issue = async (
    keeper: BookKeeper,
    reference: string,
    takes: readonly (readonly [lot: string, amount: string])[],
  ): Promise<string> => {
    const wanted = lines(takes);
    try {
      await keeper.carryOut(
        { lots: wanted.map((line) => line.lot) },
        [...Map.groupBy(wanted, (line) => stockStreamOf(line.lot))].map(([stream, own]) => ({
          stream,
          command: (c) => ({ type: 'issue', reference, attempt: 1, lines: own, allocations: [], day: DAY, ...c }),
        })),
        spontaneousContext('test'),
      );
      return 'won';
    } catch (error) {
      if (!(error instanceof LotlineError)) throw error;
      return [...new Set(error.problems.map((p) => p.code))].join();
    }
  };
  const issued = async (lot: string): Promise<string> => {
    const keeper = createBookKeeper({ log: logs[0]!, known: knownAs({}), clock: systemClock });
    const book = await keeper.read(stockStreamOf(lot));
    return [...book.issues.values()]
      .filter((i) => !i.undone)
      .flatMap((i) => i.lines.filter((l) => l.lot === lot))
      .reduce((sum, l) => sum.plus(l.value), ZERO)
      .toString();
  };

  it('never both get the last kilo: one wins, the others learn why', async () => {
    const lot = newLot();
    const all = keepers({ [lot]: '1 KGM' });
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, i) => issue(all[i % all.length]!, `shipment:${i}`, [[lot, '1']])),
    );
    expect(answers.filter((a) => a === 'won')).toHaveLength(1);
    expect(new Set(answers.filter((a) => a !== 'won'))).toEqual(new Set(['insufficient-stock']));
    expect(await issued(lot)).toBe('1');
  });

  it('get all of it and not a gram more, whatever they ask for and in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ amount: fc.integer({ min: 1, max: 9 }), process: fc.nat(3), late: fc.nat(6) }), {
          minLength: CALLERS,
          maxLength: CALLERS,
        }),
        async (callers) => {
          const lot = newLot();
          const all = keepers({ [lot]: '40 KGM' });
          const answers = await Promise.all(
            callers.map(async ({ amount, process, late }, i) => {
              // A caller comes `late` turns of the event loop after the first.
              for (let turn = 0; turn < late; turn++) await new Promise((next) => setImmediate(next));
              return issue(all[process]!, `shipment:${i}`, [[lot, String(amount)]]);
            }),
          );
          const won = callers.reduce((sum, { amount }, i) => (answers[i] === 'won' ? sum + amount : sum), 0);
          const smallestLoser = Math.min(...callers.flatMap(({ amount }, i) => (answers[i] === 'won' ? [] : [amount])));
          expect(await issued(lot)).toBe(String(won));
          expect(won).toBeLessThanOrEqual(40);
          expect(40 - won).toBeLessThan(smallestLoser);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('get lots of several books together, and a hold in between stops whoever comes after it', async () => {
    const [a, b] = [newLot('A'), newLot('B')];
    const all = keepers({ [a]: '20 KGM', [b]: '20 KGM' });
    const hold = async (): Promise<string> => {
      await all[1]!.carryOut(
        {},
        [
          {
            stream: stockStreamOf(a),
            command: (c) => ({ type: 'hold', lots: [a], holdId: 'H', reason: 'suspect', owner: 'quality', ...c }),
          },
        ],
        spontaneousContext('test'),
      );
      return 'held';
    };
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, i) =>
        i === 16
          ? hold()
          : issue(all[i % all.length]!, `shipment:${i}`, [
              [a, '1'],
              [b, '1'],
            ]),
      ),
    );
    const events = await logs[0]!.readStream(stockStreamOf(a));
    const heldAt = events.find((e) => e.type === 'LotHeld')?.revision ?? -1;
    expect(heldAt).toBeGreaterThanOrEqual(0);
    expect(events.filter((e) => e.type === 'StockIssued' && e.revision > heldAt)).toEqual([]);
    const won = answers.filter((answer) => answer === 'won').length;
    expect(Number(await issued(a))).toBeLessThanOrEqual(20);
    expect(Number(await issued(a))).toBeGreaterThanOrEqual(won);
    for (const answer of answers)
      expect(['won', 'held', 'lot-held', 'insufficient-stock', 'lot-held,insufficient-stock']).toContain(answer);
  });

  it('who repeats a command gets it once', async () => {
    const lot = newLot();
    const all = keepers({ [lot]: '10 KGM' });
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, i) => issue(all[i % all.length]!, 'shipment:same', [[lot, '10']])),
    );
    expect(new Set(answers)).toEqual(new Set(['won']));
    expect(await issued(lot)).toBe('10');
  });

  it('leave a book that a new process need not read from its beginning', async () => {
    const lot = newLot();
    const stream = stockStreamOf(lot);
    const keeper = createBookKeeper({
      log: logs[0]!,
      known: knownAs({ [lot]: '1000 KGM' }),
      clock: systemClock,
      carryForwardEvery: 10,
    });
    for (let i = 0; i < 45; i++) expect(await issue(keeper, `shipment:${i}`, [[lot, '1']])).toBe('won');
    const events = await logs[0]!.readStream(stream);
    const carriedAt = events.filter((e) => e.type === 'BookCarriedForward').map((e) => e.revision);
    // After 10 events, then whenever the book has twice as much to say.
    expect(carriedAt).toEqual([10, 21, 41]);

    let read = 0;
    const counting: EventLog = {
      ...logs[1]!,
      readStream: async (name, options) => {
        const page = await logs[1]!.readStream(name, { ...options, max: 2 });
        read += page.length;
        return page;
      },
    };
    const loaded = await createBookCache(counting, 10, 2).load(stream);
    expect(read).toBeLessThanOrEqual(8);
    expect([loaded.revision, loaded.book.issues.size]).toEqual([events.length - 1, 45]);
    const folded = foldBook(
      emptyBook(),
      events.filter((e) => e.type !== 'BookCarriedForward').map((e) => e as unknown as BookEvent),
    );
    expect(loaded.book).toEqual({ ...folded, position: events.at(-1)?.position });
  });
});
