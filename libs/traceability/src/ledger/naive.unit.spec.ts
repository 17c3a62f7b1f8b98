import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLot } from './fold.js';
import { naiveLedger } from './spec/naive-ledger.js';
import { readAsNaive } from './spec/read-as-naive.js';
import { LOT, randomHappenings, randomMaster as master } from './spec/random-happenings.js';

const agree = (max: number, serials: boolean, numRuns: number): void => {
  fc.assert(
    fc.property(randomHappenings({ max, serials }), (happenings) => {
      expect(readAsNaive(foldLot(LOT, happenings, master))).toEqual(naiveLedger(LOT, happenings, master));
    }),
    { numRuns },
  );
};

describe('the ledger against its naive oracle', () => {
  it('agrees on short records, thousands of them', () => agree(9, true, 2500));
  it('agrees on records with reused and nested units', () => agree(25, false, 1000));
  it('agrees on long records with pieces', () => agree(60, true, 250));
});
