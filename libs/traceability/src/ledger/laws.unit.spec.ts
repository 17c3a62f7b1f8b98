import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLot } from './fold.js';
import { inLedgerOrder } from './order.js';
import { expectLaws } from './spec/laws.js';
import { LOT, randomHappenings, randomMaster as master } from './spec/random-happenings.js';

const shown = (value: unknown): string => JSON.stringify(value);

describe('the laws of the ledger, on random facts', () => {
  it('hold after every prefix of the facts', () => {
    fc.assert(
      fc.property(randomHappenings({ max: 14, serials: true }), (happenings) => {
        const ordered = [...happenings].sort(inLedgerOrder);
        for (let n = 1; n <= ordered.length; n++) expectLaws(foldLot(LOT, ordered.slice(0, n), master));
      }),
      { numRuns: 250 },
    );
  });

  it('hold on long records', () => {
    fc.assert(
      fc.property(randomHappenings({ max: 80, serials: true }), (happenings) => {
        expectLaws(foldLot(LOT, happenings, master));
      }),
      { numRuns: 200 },
    );
  });

  it('give the same ledger for every order of arrival', () => {
    const shuffled = randomHappenings({ max: 30, serials: true }).chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(shown(foldLot(LOT, other, master))).toBe(shown(foldLot(LOT, list, master)));
      }),
      { numRuns: 300 },
    );
  });
});
