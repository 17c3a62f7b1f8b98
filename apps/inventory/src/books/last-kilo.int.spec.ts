import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEventStoreLog, createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { LotlineError, measure, systemClock, ZERO } from '#kernel';
import { spontaneousContext } from '#platform';
import { createTestDatabase, eventStoreForTests } from '#testkit';
import { emptyBook, type BookEvent } from '../domain/book/book.js';
import { foldBook } from '../domain/book/evolve.js';
import type { RequestedLine } from '../domain/book/requested-line.js';
import { knownLot, knownStock } from '../domain/known-stock.fixture.js';
import { stockStreamOf } from '../domain/stock-stream.js';
import { createBookCache } from './book-cache.js';
import { createBookKeeper, type BookKeeper, type KnownStockReader } from './book-keeper.js';

const CALLERS = 64;
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

const PROCESSES = 4;

interface Shared {
  open: () => EventLog;
  dispose: () => Promise<unknown>;
}

const onPostgres = async (): Promise<Shared> => {
  const database = await createTestDatabase({ migrations: eventLogMigrations });
  return {
    open: () => createPostgresEventLog({ connectionString: database.url }),
    dispose: () => database.drop(),
  };
};
const onEventStore = async (): Promise<Shared> => {
  const store = await eventStoreForTests();
  return {
    open: () => createEventStoreLog({ connectionString: store.connectionString, name: store.name }),
    dispose: () => store.close(),
  };
};

describe.each([
  ['PostgreSQL', onPostgres, 8],
  ['EventStoreDB', onEventStore, 2],
])('callers who want the same stock at the same time, the log on %s', (_, share, numRuns) => {
  let shared: Shared;
  /** One log and one keeper a process: nothing but the log itself keeps two of them apart. */
  const logs: EventLog[] = [];
  let items = 0;

  beforeAll(async () => {
    shared = await share();
    for (let i = 0; i < PROCESSES; i++) logs.push(shared.open());
  });
  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await shared.dispose();
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
      { numRuns },
    );
  });

  it('get what expires first, several lots together, and who gets nothing learns what there was', async () => {
    const code = `item-${++items}`;
    const lots = ['A', 'B', 'C'].map((own) => `urn:lotline:lot:us:${code}:${own}`);
    const stream = stockStreamOf(lots[0]!);
    const amounts = ['50 KGM', '30 KGM', '40 KGM'];
    const expiry = ['2026-05-01', '2026-04-25', '2026-06-01'];
    const known = knownStock(
      '0',
      ...lots.map((lot, i) => knownLot(lot, { [PLANT]: amounts[i]! }, { dates: { expiry: expiry[i]! } })),
    );
    const all = logs.map((log) =>
      createBookKeeper({
        log,
        known: { read: () => Promise.resolve(known), waitFor: () => Promise.resolve() },
        clock: systemClock,
        carryForwardEvery: 5,
      }),
    );
    const item = stream.slice('stock-'.length);
    const allocate = async (n: number): Promise<string> => {
      const wanted = [{ index: 0, item, split: true, ...measure(String(1 + (n % 9)), 'KGM') }];
      try {
        await all[n % PROCESSES]!.carryOut(
          { items: [item] },
          [
            {
              stream,
              command: (c) => ({
                type: 'allocate-fefo',
                allocation: `A-${n}`,
                for: `order:${n}`,
                neededOn: DAY,
                wanted,
                ...c,
              }),
            },
          ],
          spontaneousContext('test'),
        );
        return 'won';
      } catch (error) {
        if (!(error instanceof LotlineError)) throw error;
        const [first] = error.problems;
        return `${error.code}: ${first?.code} ${(first?.found as { value: string }).value}`;
      }
    };
    const answers = await Promise.all(Array.from({ length: CALLERS }, (_, n) => allocate(n)));

    const lost = answers.filter((answer) => answer !== 'won');
    const book = await all[0]!.read(stream);
    const given = [...book.allocations.values()].flatMap(({ lines: own }) => own);
    const of = (lot: string): string =>
      given.reduce((sum, l) => (l.lot === lot ? sum.plus(l.value) : sum), ZERO).toString();
    const left = 120 - given.reduce((sum, l) => sum + Number(l.value), 0);
    // 64 callers want 316 of 120: what expires first is gone, and what is left was too little for whoever was told so.
    expect([of(lots[1]!), of(lots[0]!)]).toEqual(['30', '50']);
    expect(Number(of(lots[2]!))).toBeLessThanOrEqual(40);
    expect(book.allocations.size).toBe(CALLERS - lost.length);
    answers.forEach((answer, n) => {
      if (answer === 'won') return;
      const there = Number(/^allocation-refused: insufficient-stock (\d+)$/.exec(answer)?.[1]);
      expect([answer, there < 1 + (n % 9), there >= left]).toEqual([answer, true, true]);
    });
    // No lot was begun before those that expire earlier were promised.
    const order = given.map(({ lot }) => [lots[1], lots[0], lots[2]].indexOf(lot));
    expect(order).toEqual([...order].sort());
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
