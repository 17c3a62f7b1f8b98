import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, ZERO } from '#kernel';
import { wholeLots } from './whole-lots.js';

const of = (...values: (string | number)[]) => values.map((value) => decimal(value));

describe('whole lots that make up an amount', () => {
  it('are the earlier ones, where several would do', () => {
    expect(wholeLots(of(40, 60, 100), decimal(100)).chosen).toEqual([0, 1]);
    expect(wholeLots(of('0.1', '0.25', '0.2'), decimal('0.3')).chosen).toEqual([0, 2]);
  });

  it('are found as by trying every choice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 9 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom('1', '0.5', '0.001'),
        (lots, asked, step) => {
          const sums = Array.from({ length: 2 ** lots.length }, (_, mask) => ({
            // Taking the first lot is the highest bit: of equal sums the largest mask takes the earlier lots.
            mask,
            sum: lots.reduce((sum, lot, i) => (mask & (2 ** (lots.length - 1 - i)) ? sum + lot : sum), 0),
          }));
          const best = sums.filter(({ sum }) => sum === asked).at(-1);
          const found = wholeLots(
            lots.map((lot) => decimal(lot).times(step)),
            decimal(asked).times(step),
          );
          const mask = found.chosen?.reduce((bits, i) => bits + 2 ** (lots.length - 1 - i), 0);
          expect(mask).toBe(best?.mask);
          const below = Math.max(...sums.map(({ sum }) => sum).filter((sum) => sum <= asked));
          const above = Math.min(...sums.map(({ sum }) => sum).filter((sum) => sum > asked));
          expect(found.below.eq(decimal(below).times(step))).toBe(true);
          expect(found.above?.toString()).toBe(
            Number.isFinite(above) ? decimal(above).times(step).toString() : undefined,
          );
          expect(found.lookedAt).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are sought among the first, and that is said, where all have too many sums', () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      decimal(1_000_003)
        .times(i + 1)
        .plus(decimal(2).pow(i % 20)),
    );
    const asked = many.slice(0, 4).reduce((sum, value) => sum.plus(value), ZERO);
    const found = wholeLots(many, asked);
    expect(found.lookedAt).toBeLessThan(60);
    expect(found.chosen).toEqual([0, 1, 2, 3]);
  });
});
