import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#contracts';
import { canonicalJson, LotlineError, measure, ZERO, type Decimal } from '#kernel';
import { emptyBook, type Book, type BookEvent } from '../domain/book/book.js';
import type { BookCommand } from '../domain/book/command.js';
import { bookDecider } from '../domain/book/decide.js';
import { foldBook } from '../domain/book/evolve.js';
import { knownLot, knownStock } from '../domain/known-stock.fixture.js';
import type { KnownStock } from '../domain/known-stock.js';
import { stockStreamOfItem } from '../domain/stock-stream.js';
import { createBookKeeper, type BookKeeper, type KnownStockReader } from './book-keeper.js';
import { createLogInMemory } from './log-in-memory.fixture.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const STREAM = stockStreamOfItem(ITEM);
const [A, B, C, D] = [`${ITEM}/10/A`, `${ITEM}/10/B`, `${ITEM}/10/C`, `${ITEM}/10/D`];
const LOTS = [A, B, C, D];
const [PLANT, DEPOT] = ['urn:example:place:plant', 'urn:example:place:depot'];
const NOW = '2026-04-20T10:00:00Z';
const PROCESSES = 4;

/** A hot item: four lots, of which one expires before the others, one is short. */
const KNOWN = knownStock(
  '',
  knownLot(A, { [PLANT]: '40 KGM' }, { dates: { expiry: '2026-05-01' } }),
  knownLot(B, { [PLANT]: '30 KGM', [DEPOT]: '10 KGM' }, { dates: { expiry: '2026-04-28' } }),
  knownLot(C, { [PLANT]: '25 KGM' }, { dates: { expiry: '2026-06-01' } }),
  knownLot(D, { [PLANT]: '1 KGM' }),
);
const at = (known: KnownStock): { known: KnownStock; now: string } => ({ known, now: NOW });

type CommandMaker = (known: KnownStock) => BookCommand;

const kg = fc.integer({ min: 1, max: 12 }).map((n) => measure(String(n), 'KGM'));
const number = fc.integer({ min: 1, max: 9 });
const lot = fc.constantFrom(...LOTS);
const fefo = fc.record({
  n: fc.nat(),
  kg,
  split: fc.boolean(),
  days: fc.constantFrom(0, 9),
  place: fc.constantFrom(undefined, DEPOT),
});
export const allocateFefo = fefo.map(({ n, kg: amount, split, days, place }): CommandMaker => (known) => ({
  type: 'allocate-fefo',
  allocation: `F-${n}`,
  for: `order:${n}`,
  neededOn: '2026-04-20',
  wanted: [{ index: 0, item: ITEM, ...amount, split, minRemaining: { days }, preferredPlace: place }],
  ...at(known),
}));
export const others = fc.oneof(
  fc.record({ n: number, kg, lot }).map((c): CommandMaker => (known) => ({
    type: 'issue',
    reference: `shipment:${c.n}`,
    attempt: 1,
    lines: [{ index: 0, lot: c.lot, place: PLANT, ...c.kg }],
    allocations: [],
    day: '2026-04-20',
    ...at(known),
  })),
  fc.record({ n: number, kg, lot }).map((c): CommandMaker => (known) => ({
    type: 'allocate',
    allocation: `A-${c.n}`,
    for: `shipment:${c.n}`,
    neededOn: '2026-04-20',
    lines: [{ index: 0, lot: c.lot, place: PLANT, ...c.kg }],
    ...at(known),
  })),
  number.map((n): CommandMaker => (known) => ({ type: 'release-allocation', allocation: `A-${n}`, ...at(known) })),
  number.map((n): CommandMaker => (known) => ({
    type: 'undo-issue',
    reference: `shipment:${n}`,
    reason: 'not made',
    ...at(known),
  })),
  fc.record({ n: number, kg, lot }).map((c): CommandMaker => (known) => ({
    type: 'move',
    move: `M-${c.n}`,
    take: { lot: c.lot, place: PLANT, ...c.kg },
    to: DEPOT,
    evenIfBlocked: false,
    ...at(known),
  })),
  fc.record({ n: number, lot }).map((c): CommandMaker => (known) => ({
    type: 'hold',
    lots: [c.lot],
    holdId: `H-${c.n}`,
    reason: 'suspect',
    owner: 'quality',
    ...at(known),
  })),
  fc.record({ n: number, lot }).map((c): CommandMaker => (known) => ({
    type: 'lift',
    lots: [c.lot],
    holdId: `H-${c.n}`,
    reason: 'cleared',
    ...at(known),
  })),
);

interface Caller {
  process: number;
  command: CommandMaker;
}
/** Callers of any of the processes. */
const callers = (size: { min: number; max: number }, command: fc.Arbitrary<CommandMaker>): fc.Arbitrary<Caller[]> =>
  fc.array(fc.record({ process: fc.nat(PROCESSES - 1), command }), { minLength: size.min, maxLength: size.max });

/** What a caller was told, and between which revisions of the book it was told so. */
interface Told {
  command: CommandMaker;
  from: number;
  to: number;
  events?: readonly { id: string; type: string; data: unknown }[];
  refused?: LotlineError;
}

/** Everything that is waited for takes its turn when the scheduler says so; two keepers share nothing but the log. */
const play = async (
  scheduler: fc.Scheduler,
  all: readonly Caller[],
): Promise<{ told: Told[]; events: RecordedEvent[] }> => {
  const turn = async (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
  const log = createLogInMemory(turn);
  const knownIn = (): KnownStockReader => {
    let position = '';
    return {
      read: () => Promise.resolve({ ...KNOWN, position }),
      waitFor: async (reached) => {
        await turn('waits');
        position = reached;
      },
    };
  };
  const keepers = new Map<number, BookKeeper>();
  const keeperOf = (process: number): BookKeeper => {
    const keeper =
      keepers.get(process) ??
      createBookKeeper({
        log,
        known: knownIn(),
        clock: () => new Date(NOW),
        // Nobody is turned away before all others have had their way.
        maxAttempts: all.length + 1,
        carryForwardEvery: 4,
      });
    keepers.set(process, keeper);
    return keeper;
  };
  const told = all.map(async ({ process, command }, i): Promise<Told> => {
    const from = log.length(STREAM);
    const context = { actor: 'test', correlationId: 'test', commandId: `c-${i}`, eventSeed: `c-${i}` };
    try {
      const { events } = await keeperOf(process).carryOut(
        { items: [ITEM] },
        [{ stream: STREAM, command: ({ known }) => command(known) }],
        context,
      );
      return {
        command,
        from,
        to: log.length(STREAM),
        events: events.filter(({ type }) => type !== 'BookCarriedForward'),
      };
    } catch (error) {
      if (!(error instanceof LotlineError)) throw error;
      return { command, from, to: log.length(STREAM), refused: error };
    }
  });
  const answers = await scheduler.waitFor(Promise.all(told));
  return { told: answers, events: await scheduler.waitFor(log.readStream(STREAM)) };
};

const outcomeOf = (command: BookCommand, book: Book): { events: BookEvent[] } | { refused: string } => {
  try {
    return { events: bookDecider.decide(command, book) };
  } catch (error) {
    if (!(error instanceof LotlineError)) throw error;
    return { refused: canonicalJson([error.kind, error.code, error.problems]) };
  }
};

const withoutPosition = (events: readonly { type: string; data: unknown }[]): string =>
  canonicalJson(events.map(({ type, data }) => ({ type, data: { ...(data as object), knownAt: '' } })));

/** Independent of `available`: all that was given away of each lot at each place, of which nothing has left yet. */
const isOversold = (book: Book): boolean => {
  const given = new Map<string, Decimal>();
  const add = ({ lot: l, place, value }: { lot: string; place: string; value: Decimal }): void => {
    given.set(`${l} ${place}`, (given.get(`${l} ${place}`) ?? ZERO).plus(value));
  };
  for (const issue of book.issues.values()) if (!issue.undone) issue.lines.forEach(add);
  for (const allocation of book.allocations.values()) if (!allocation.released) allocation.open.forEach(add);
  book.moves.forEach(add);
  return [...KNOWN.lots.values()].some(({ lot: l, balances }) =>
    balances.some(({ place, value }) => given.get(`${l} ${place}`)?.gt(value) === true),
  );
};

/**
 * Every answer is one that the book, as it stood at some moment between the question and the answer, gives: what was carried
 * out was decided on just what stands before it in the stream, what was refused was refused by what stood there then.
 */
const judge = ({ told, events }: { told: Told[]; events: RecordedEvent[] }): void => {
  let now = emptyBook();
  const books = [now, ...events.map((event) => (now = foldBook(now, [event as unknown as BookEvent])))];
  for (const book of books) expect(isOversold(book)).toBe(false);
  const decidedBy = new Map(told.flatMap(({ events: own = [] }, i) => own.map(({ id }) => [id, i] as const)));
  for (const { id, type } of events) if (type !== 'BookCarriedForward') expect(decidedBy.has(id)).toBe(true);
  for (const { command, from, to, events: own, refused } of told) {
    const asked = command(KNOWN);
    const standing = events.find(({ id }) => id === own?.[0]?.id);
    if (standing !== undefined) {
      const answer = outcomeOf(asked, books[standing.revision] ?? now);
      expect('events' in answer && withoutPosition(answer.events)).toBe(withoutPosition(own ?? []));
      continue;
    }
    const said = refused ? canonicalJson([refused.kind, refused.code, refused.problems]) : undefined;
    const moments = books.slice(from, to + 1).reverse();
    const isSaidBy = (book: Book): boolean => {
      const answer = outcomeOf(asked, book);
      return 'refused' in answer ? answer.refused === said : said === undefined && answer.events.length === 0;
    };
    expect([said, moments.some(isSaidBy)]).toEqual([said, true]);
  }
};

/** Callers are asked at the same time, and every answer is judged. */
export const asked = (size: { min: number; max: number }, command: fc.Arbitrary<CommandMaker>) =>
  fc.asyncProperty(fc.scheduler(), callers(size, command), async (scheduler, all) => {
    judge(await play(scheduler, all));
  });
