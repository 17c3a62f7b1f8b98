import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLot } from './fold.js';
import { inLedgerOrder } from './order.js';
import { expectLaws } from './spec/laws.js';
import { naiveLedger } from './spec/naive-ledger.js';
import { readAsNaive } from './spec/read-as-naive.js';
import { LOT, randomHappenings, randomMaster as master } from './spec/random-happenings.js';

describe('the ledger on many fresh records', () => {
  it('agrees with its oracle', () => {
    for (const [max, serials, numRuns] of [
      [10, true, 6_000],
      [40, false, 2_500],
      [120, true, 500],
    ] as const)
      fc.assert(
        fc.property(randomHappenings({ max, serials }), (happenings) => {
          expect(readAsNaive(foldLot(LOT, happenings, master))).toEqual(naiveLedger(LOT, happenings, master));
        }),
        { numRuns },
      );
  }, 1_200_000);

  it('keeps its laws after every prefix', () => {
    fc.assert(
      fc.property(randomHappenings({ max: 40, serials: true }), (happenings) => {
        const ordered = [...happenings].sort(inLedgerOrder);
        for (let n = 1; n <= ordered.length; n++) expectLaws(foldLot(LOT, ordered.slice(0, n), master));
      }),
      { numRuns: 500 },
    );
  }, 1_200_000);
});
