import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combinedShare, weightsOf, type ShareOf } from './combined-shares.js';

interface Run {
  output: number;
  inputs: { lot: number; amount: number }[];
}

/** Lots 0 … n-1, each made once from lots before it: a random history without loops. */
const history = fc.integer({ min: 2, max: 9 }).chain((lots) =>
  fc.record({
    lots: fc.constant(lots),
    runs: fc.tuple(
      ...Array.from({ length: lots }, (_, output) =>
        fc
          .array(fc.record({ lot: fc.nat(Math.max(0, output - 1)), amount: fc.integer({ min: 1, max: 100 }) }), {
            maxLength: output === 0 ? 0 : 4,
          })
          .map((inputs): Run => ({ output, inputs })),
      ),
    ),
    suspects: fc.uniqueArray(fc.nat(lots - 1), { minLength: 1, maxLength: 4 }),
  }),
);

/** φ by the definition: suspects are 1, everything else the average of its inputs by amount. */
const phi = (runs: readonly Run[], suspects: readonly number[]): number[] =>
  runs.reduce<number[]>((shares, { output, inputs }) => {
    const total = inputs.reduce((sum, i) => sum + i.amount, 0);
    const mixed = total === 0 ? 0 : inputs.reduce((sum, i) => sum + i.amount * (shares[i.lot] ?? 0), 0) / total;
    shares[output] = suspects.includes(output) ? 1 : mixed;
    return shares;
  }, []);

describe('the share of several suspects together', () => {
  it('is what a walk from all of them at once gives, also where one is made of another', () => {
    fc.assert(
      fc.property(history, ({ lots, runs, suspects }) => {
        const alone = new Map(suspects.map((s) => [String(s), phi(runs, [s])]));
        const share: ShareOf = (suspect, lot) => alone.get(suspect)?.[Number(lot)] ?? 0;
        const names = suspects.map(String);
        const weights = weightsOf(names, share);
        const together = phi(runs, suspects);
        for (let lot = 0; lot < lots; lot++)
          expect(combinedShare(names, weights, share, String(lot))).toBeCloseTo(together[lot] ?? 0, 9);
      }),
      { numRuns: 500 },
    );
  });

  it('is unknown where a part of it is', () => {
    const share: ShareOf = (suspect, lot) => (suspect === 'a' && lot === 'x' ? null : 0);
    const weights = weightsOf(['a', 'b'], share);
    expect(combinedShare(['a', 'b'], weights, share, 'x')).toBeNull();
    expect(combinedShare(['a', 'b'], weights, share, 'y')).toBe(0);
    expect(combinedShare(['a', 'b'], weights, share, 'a')).toBe(1);
    expect(weightsOf(['a', 'b'], () => null)).toBeUndefined();
  });
});
