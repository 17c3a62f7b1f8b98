import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, decimal, LotlineError, measure, ZERO } from '#kernel';
import { knownLot, knownStock } from '../known-stock.fixture.js';
import type { KnownLot } from '../known-stock.js';
import { emptyBook, type BookEvent } from './book.js';
import { bookDecider } from './decide.js';
import { foldBook } from './evolve.js';
import { endOfLife } from './remaining-life.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const PLACES = ['urn:p:1', 'urn:p:2'];
const NOW = '2026-04-20T10:00:00Z';
const DAY = '2026-04-20';

const day = fc.integer({ min: 18, max: 27 }).map((n) => `2026-04-${n}`);
const lots: fc.Arbitrary<KnownLot[]> = fc
  .array(
    fc.record({
      amounts: fc.dictionary(fc.constantFrom(...PLACES), fc.integer({ min: 1, max: 20 }), { minKeys: 1 }),
      expiry: fc.option(day, { nil: undefined }),
      bestBefore: fc.option(day, { nil: undefined }),
      retest: fc.option(day, { nil: undefined, freq: 2 }),
      production: fc.option(fc.constant('2026-04-10'), { nil: undefined }),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ amounts, expiry, bestBefore, retest, production }, i) =>
      knownLot(
        `${ITEM}/10/${i}`,
        Object.fromEntries(Object.entries(amounts).map(([place, n]) => [place, `${n} KGM`])),
        {
          dates: {
            ...(expiry !== undefined && { expiry }),
            ...(bestBefore !== undefined && { bestBefore }),
            ...(retest !== undefined && { retest }),
            ...(production !== undefined && { production }),
          },
        },
      ),
    ),
  );
const asked = fc.record({
  value: fc.integer({ min: 1, max: 50 }),
  days: fc.integer({ min: 0, max: 6 }),
  split: fc.boolean(),
  place: fc.constantFrom(undefined, ...PLACES),
  preferredPlace: fc.constantFrom(undefined, ...PLACES),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const outcome = (stock: readonly KnownLot[], { value, days, ...more }: Asked, history: BookEvent[] = []) => {
  const wanted = [
    { index: 0, item: ITEM, ...measure(String(value), 'KGM'), ...(days > 0 && { minRemaining: { days } }), ...more },
  ];
  const known = knownStock('1', ...stock);
  const command = {
    ...{ type: 'allocate-fefo' as const, allocation: 'A', for: 'order:1', neededOn: DAY },
    ...{ wanted, known, now: NOW },
  };
  try {
    const [event] = bookDecider.decide(command, foldBook(emptyBook(), history));
    return event?.type === 'StockAllocated' ? { allocated: event.data } : {};
  } catch (error) {
    if (!(error instanceof LotlineError)) throw error;
    return { refused: error.problems };
  }
};

/** In the fewest words: may it be had on that day, with that life left? */
const mayBeHad = ({ dates }: KnownLot, { days }: Asked): boolean => {
  if ([dates.expiry, dates.retest].some((last) => last !== undefined && last < DAY)) return false;
  const end = endOfLife(dates);
  return days === 0 || (end !== undefined && Date.parse(end) - Date.parse(DAY) >= days * 86_400_000);
};

describe('lots chosen first expired, first out', () => {
  it('are the same for the same stock, in whatever order it is read', () => {
    const shuffled = lots.chain((stock) =>
      fc.tuple(
        fc.constant(stock),
        fc
          .shuffledSubarray(stock, { minLength: stock.length })
          .map((list) => list.map((lot) => ({ ...lot, balances: [...lot.balances].reverse() }))),
      ),
    );
    fc.assert(
      fc.property(shuffled, asked, ([stock, other], want) => {
        expect(canonicalJson(outcome(other, want))).toBe(canonicalJson(outcome(stock, want)));
      }),
      { numRuns: 300 },
    );
  });

  it('cover just what is asked wherever that is possible, and leave none behind that goes before one that is taken', () => {
    fc.assert(
      fc.property(lots, asked, (stock, want) => {
        const free = stock
          .filter((lot) => mayBeHad(lot, want))
          .flatMap((lot) => lot.balances.map((b) => ({ lot, ...b })))
          .filter(({ place }) => want.place === undefined || place === want.place);
        const there = free.reduce((sum, { value }) => sum.plus(value), ZERO);
        const { allocated, refused } = outcome(stock, want);
        const [short] = refused ?? [];
        if (want.split) expect(allocated !== undefined).toBe(there.gte(want.value));
        if (allocated === undefined) {
          expect(short?.code).toBe('insufficient-stock');
          const { amount, neededOn } = short?.accepted as { amount?: { value: string }; neededOn?: string };
          // What is said to be accepted is, and nothing larger.
          if (amount) expect(outcome(stock, { ...want, value: Number(amount.value) })).toHaveProperty('allocated');
          if (want.split) expect(amount?.value ?? '0').toBe(there.toFixed());
          if (neededOn) expect(neededOn >= DAY).toBe(true);
          return;
        }
        const sum = allocated.lines.reduce((total, line) => total.plus(decimal(line.amount.value)), ZERO);
        expect(sum.eq(want.value)).toBe(true);
        const takenOf = (lot: string, place: string): string | undefined =>
          allocated.lines.find((line) => line.lot === lot && line.place === place)?.amount.value;
        for (const { lot, place, value } of free) {
          const taken = takenOf(lot.lot, place);
          if (!want.split) expect([undefined, value.toFixed()]).toContain(taken);
          if (!want.split || taken === value.toFixed()) continue;
          // Something of it is left: nothing that goes after it was taken.
          for (const other of free) {
            if ((other.place === want.preferredPlace) !== (place === want.preferredPlace)) continue;
            const later = (lot.dates.expiry ?? '9') < (other.lot.dates.expiry ?? '9');
            if (later) expect(takenOf(other.lot.lot, other.place)).toBeUndefined();
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('could be had by the day that a refusal names, and not on the day after', () => {
    fc.assert(
      fc.property(lots, asked, fc.integer({ min: 21, max: 27 }), (stock, want, n) => {
        const on = (neededOn: string) => {
          const wanted = [
            {
              index: 0,
              item: ITEM,
              ...measure(String(want.value), 'KGM'),
              split: true,
              minRemaining: { days: want.days },
            },
          ];
          const command = { type: 'allocate-fefo' as const, allocation: 'A', for: 'order:1', neededOn, wanted };
          try {
            return {
              events: bookDecider.decide({ ...command, known: knownStock('1', ...stock), now: NOW }, emptyBook()),
            };
          } catch (error) {
            if (!(error instanceof LotlineError)) throw error;
            return { accepted: error.problems[0]?.accepted as { neededOn?: string } };
          }
        };
        const day = (of: number): string => `2026-04-${of}`;
        const { accepted } = on(day(n));
        if (accepted === undefined) return;
        const latest = accepted.neededOn === undefined ? 19 : Number(accepted.neededOn.slice(-2));
        for (let of = 20; of <= n; of++) expect([of, on(day(of)).events !== undefined]).toEqual([of, of <= latest]);
      }),
      { numRuns: 300 },
    );
  });
});
