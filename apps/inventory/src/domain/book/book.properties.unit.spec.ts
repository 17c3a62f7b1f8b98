import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BookCarriedForward, compileValidator } from '#contracts';
import { LotlineError, ZERO, measure, type Decimal } from '#kernel';
import { knownStock } from '../known-stock.fixture.js';
import type { KnownLot, KnownStock } from '../known-stock.js';
import { availability, available } from './available.js';
import { emptyBook, type Book, type BookEvent } from './book.js';
import { carryForward } from './carry-forward.js';
import type { BookCommand } from './command.js';
import { bookDecider } from './decide.js';
import { foldBook } from './evolve.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const LOTS = ['A', 'B', 'C'].map((code) => `${ITEM}/10/${code}`);
const PLACES = ['urn:p:1', 'urn:p:2'];
const NOW = '2026-04-20T10:00:00Z';
const DAY = '2026-04-20';

/** What happens to the stock itself, apart from the book: the truth that known stock follows late. */
interface World {
  /** Amounts by lot and place, after the acts that known stock shows. */
  stock: Map<string, Decimal>;
  applied: Map<string, Set<string>>;
}

const isValid = compileValidator(BookCarriedForward.data);

const keyOf = (lot: string, place: string): string => `${lot} ${place}`;

const knownOf = (world: World, position: string): KnownStock =>
  knownStock(
    position,
    ...LOTS.map((lot): KnownLot => ({
      lot,
      balances: PLACES.map((place) => ({
        place,
        dimension: 'mass',
        value: world.stock.get(keyOf(lot, place)) ?? ZERO,
      })),
      dates: {},
      acts: world.applied.get(lot) ?? new Set(),
    })),
  );

const lot = fc.constantFrom(...LOTS);
const place = fc.constantFrom(...PLACES);
const value = fc.integer({ min: 1, max: 40 }).map(String);
const small = fc.integer({ min: 1, max: 6 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('issue' as const),
    n: small,
    attempt: fc.integer({ min: 1, max: 3 }),
    lot,
    place,
    value,
    other: lot,
  }),
  fc.record({ do: fc.constant('undo' as const), n: small, attempt: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('allocate' as const), n: small, for: small, lot, place, value }),
  fc.record({
    do: fc.constant('fefo' as const),
    n: small,
    for: small,
    values: fc.array(value, { minLength: 1, maxLength: 2 }),
    split: fc.boolean(),
    at: fc.option(place, { nil: undefined }),
  }),
  fc.record({ do: fc.constant('release' as const), n: small }),
  fc.record({ do: fc.constant('scrap' as const), n: small, lot, place, value }),
  fc.record({ do: fc.constant('move' as const), n: small, lot, place, to: place, value, even: fc.boolean() }),
  fc.record({ do: fc.constant('hold' as const), n: small, lot }),
  fc.record({ do: fc.constant('lift' as const), n: small, lot }),
  /** The act of an issue becomes known: its movement leaves known stock. */
  fc.record({ do: fc.constant('learn' as const), n: small }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What decisions go by: neither where the book stands nor why lots were chosen. */
const decidedFrom = (book: Book): Book => ({
  ...book,
  allocations: new Map(
    [...book.allocations].map(([id, { passedOverBesides: _besides, ...a }]) => [id, { ...a, explained: [] }]),
  ),
  position: '',
});

const circumstances = (known: KnownStock): { known: KnownStock; now: string } => ({ known, now: NOW });

const commandOf = (s: Step, known: KnownStock): BookCommand | undefined => {
  const mass = (text: string): { dimension: string; value: Decimal } => measure(text, 'KGM');
  switch (s.do) {
    case 'issue':
      return {
        type: 'issue',
        reference: `shipment:${s.n}`,
        attempt: s.attempt,
        allocations: [],
        day: DAY,
        lines: [
          { index: 0, lot: s.lot, place: s.place, ...mass(s.value) },
          { index: 1, lot: s.other, place: s.place, ...mass('1') },
        ],
        ...circumstances(known),
      };
    case 'undo':
      return {
        type: 'undo-issue',
        reference: `shipment:${s.n}`,
        attempt: s.attempt,
        reason: 'x',
        ...circumstances(known),
      };
    case 'allocate':
      return {
        type: 'allocate',
        allocation: `A-${s.n}`,
        for: `shipment:${s.for}`,
        neededOn: DAY,
        lines: [{ index: 0, lot: s.lot, place: s.place, ...mass(s.value) }],
        ...circumstances(known),
      };
    case 'fefo':
      return {
        type: 'allocate-fefo',
        allocation: `F-${s.n}`,
        for: `shipment:${s.for}`,
        neededOn: DAY,
        wanted: s.values.map((v, index) => ({
          index,
          item: ITEM,
          ...mass(v),
          split: s.split,
          ...(index === 1 ? { place: s.at } : { preferredPlace: s.at }),
        })),
        ...circumstances(known),
      };
    case 'release':
      return { type: 'release-allocation', allocation: `A-${s.n}`, ...circumstances(known) };
    case 'scrap':
      return {
        type: 'scrap',
        scrap: `W-${s.n}`,
        take: { lot: s.lot, place: s.place, ...mass(s.value) },
        reason: 'x',
        ...circumstances(known),
      };
    case 'move':
      return {
        type: 'move',
        move: `M-${s.n}`,
        take: { lot: s.lot, place: s.place, ...mass(s.value) },
        to: s.to,
        evenIfBlocked: s.even,
        ...circumstances(known),
      };
    case 'hold':
      return { type: 'hold', lots: [s.lot], holdId: `H-${s.n}`, reason: 'x', owner: 'q', ...circumstances(known) };
    case 'lift':
      return { type: 'lift', lots: [s.lot], holdId: `H-${s.n}`, reason: 'x', ...circumstances(known) };
    case 'learn':
      return undefined;
  }
};

/** Independent of `available`: adds up what stands, lot by place. */
const committed = (book: Book, world: World): Map<string, Decimal> => {
  const sums = new Map<string, Decimal>();
  const add = (at: { lot: string; place: string; value: Decimal }): void => {
    sums.set(keyOf(at.lot, at.place), (sums.get(keyOf(at.lot, at.place)) ?? ZERO).plus(at.value));
  };
  for (const [reference, issue] of book.issues)
    if (!issue.undone) for (const l of issue.lines) if (!world.applied.get(l.lot)?.has(reference)) add(l);
  for (const allocation of book.allocations.values()) if (!allocation.released) allocation.open.forEach(add);
  for (const take of book.scraps.values()) add(take);
  for (const [move, take] of book.moves) if (!world.applied.get(take.lot)?.has(`move:${move}`)) add(take);
  return sums;
};

const learn = (world: World, book: Book, n: number): void => {
  learnMove(world, book, n);
  const reference = `shipment:${n}`;
  const issue = book.issues.get(reference);
  if (!issue || issue.undone) return;
  if (issue.lines.some((l) => world.applied.get(l.lot)?.has(reference))) return;
  for (const l of issue.lines) {
    const key = keyOf(l.lot, l.place);
    world.stock.set(key, (world.stock.get(key) ?? ZERO).minus(l.value));
    world.applied.set(l.lot, (world.applied.get(l.lot) ?? new Set()).add(reference));
  }
};

/** What was moved is at the other place once that is known. */
const learnMove = (world: World, book: Book, n: number): void => {
  const act = `move:M-${n}`;
  const move = book.moves.get(`M-${n}`);
  if (!move || world.applied.get(move.lot)?.has(act)) return;
  const change = (at: string, by: Decimal): void => {
    const key = keyOf(move.lot, at);
    world.stock.set(key, (world.stock.get(key) ?? ZERO).plus(by));
  };
  change(move.place, move.value.times(-1));
  change(move.to, move.value);
  world.applied.set(move.lot, (world.applied.get(move.lot) ?? new Set()).add(act));
};

describe('the stock book, whatever is commanded in whatever order', () => {
  it('never promises more than known stock, and refuses with reasons instead of failing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 6, maxLength: 6 }),
        fc.array(step, { maxLength: 60 }),
        (amounts, steps) => {
          const world: World = { stock: new Map(), applied: new Map() };
          LOTS.forEach((l, i) =>
            PLACES.forEach((p, j) => world.stock.set(keyOf(l, p), measure(String(amounts[i * 2 + j]), 'KGM').value)),
          );
          let book = bookDecider.initialState();
          steps.forEach((s, i) => {
            const known = knownOf(world, String(i).padStart(16, '0'));
            const command = commandOf(s, known);
            if (command === undefined) {
              if (s.do === 'learn') learn(world, book, s.n);
            } else {
              let events: BookEvent[] = [];
              try {
                events = bookDecider.decide(command, book);
              } catch (error) {
                if (!(error instanceof LotlineError)) throw error;
              }
              book = events.reduce(bookDecider.evolve, book);
            }
            for (const [key, sum] of committed(book, world))
              expect([key, sum.lte(world.stock.get(key) ?? ZERO)]).toEqual([key, true]);
            const all = availability(book, known);
            for (const { lot: id, balances } of known.lots.values())
              for (const { value: _, ...at } of balances) {
                const target = { lot: id, value: ZERO, ...at };
                expect(all(target).toFixed()).toBe(available(book, known, target).toFixed());
              }
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same command again the same effect, once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world: World = { stock: new Map(), applied: new Map() };
        LOTS.forEach((l) => PLACES.forEach((p) => world.stock.set(keyOf(l, p), measure('60', 'KGM').value)));
        let book = bookDecider.initialState();
        for (const s of steps) {
          const command = commandOf(s, knownOf(world, '0'));
          if (command === undefined) continue;
          let events: BookEvent[];
          try {
            events = bookDecider.decide(command, book);
          } catch (error) {
            if (!(error instanceof LotlineError)) throw error;
            continue;
          }
          book = events.reduce(bookDecider.evolve, book);
          expect(bookDecider.decide(command, book)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says the same, and decides the same, whether it was carried forward or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.integer({ max: 4, min: 0 })), { maxLength: 60 }),
        fc.array(step, { maxLength: 10 }),
        (steps, afterwards) => {
          const world: World = { stock: new Map(), applied: new Map() };
          LOTS.forEach((l) => PLACES.forEach((p) => world.stock.set(keyOf(l, p), measure('60', 'KGM').value)));
          const known = knownOf(world, '0');
          const decide = (command: BookCommand, book: Book): BookEvent[] | string => {
            try {
              return bookDecider.decide(command, book);
            } catch (error) {
              if (!(error instanceof LotlineError)) throw error;
              return JSON.stringify(error.problems);
            }
          };
          let [plain, carried] = [bookDecider.initialState(), bookDecider.initialState()];
          let at = 0;
          const recorded = (event: BookEvent): BookEvent => ({ ...event, position: String(++at).padStart(16, '0') });
          for (const [s, chance] of steps) {
            const command = commandOf(s, known);
            const events = command === undefined ? [] : decide(command, plain);
            if (typeof events === 'string') continue;
            const decided = events.map(recorded);
            plain = foldBook(plain, decided);
            carried = foldBook(carried, decided);
            if (chance > 0) continue;
            const forward = JSON.parse(JSON.stringify(carryForward(carried, NOW))) as BookEvent;
            expect(isValid(forward.data)).toEqual([]);
            carried = foldBook(emptyBook(), [recorded(forward)]);
          }
          expect(decidedFrom(carried)).toEqual(decidedFrom(plain));
          for (const s of afterwards) {
            const command = commandOf(s, known);
            if (command !== undefined) expect(decide(command, carried)).toEqual(decide(command, plain));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
