import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wilsonInterval } from './wilson-interval.js';

const Z = 1.959963984540054;
const counts = fc
  .integer({ min: 1, max: 100_000 })
  .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));

describe('the Wilson interval', () => {
  // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I,
  // method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is what Newcombe has', (hits, of, low, high) => {
    const interval = wilsonInterval(hits, of);
    expect([interval.low.toFixed(4), interval.high.toFixed(4)]).toEqual([low.toFixed(4), high.toFixed(4)]);
  });

  it('of nothing seen is everything', () => expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 }));

  it('leaves room for much where little was seen', () => {
    expect(wilsonInterval(0, 2).high).toBeCloseTo(0.6576, 4);
    expect(wilsonInterval(0, 2000).high).toBeLessThan(0.002);
  });

  it('has bounds that the score test just does not refuse', () =>
    fc.assert(
      fc.property(counts, ([hits, of]) => {
        const { low, high } = wilsonInterval(hits, of);
        for (const bound of [low, high])
          expect(Math.abs(hits / of - bound)).toBeCloseTo(Z * Math.sqrt((bound * (1 - bound)) / of), 9);
      }),
    ));

  it('holds the share, within 0 and 1, mirrored for the opposite share', () =>
    fc.assert(
      fc.property(counts, ([hits, of]) => {
        const { low, high } = wilsonInterval(hits, of);
        const opposite = wilsonInterval(of - hits, of);
        expect(0 <= low && low <= hits / of && hits / of <= high && high <= 1).toBe(true);
        expect(opposite.low).toBeCloseTo(1 - high, 12);
        expect(opposite.high).toBeCloseTo(1 - low, 12);
      }),
    ));

  it('narrows with more of the same, and rises with the hits', () =>
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 50 }), ([hits, of], times) => {
        const [once, more] = [wilsonInterval(hits, of), wilsonInterval(hits * times, of * times)];
        expect(more.high - more.low).toBeLessThan(once.high - once.low);
        if (hits < of) {
          const next = wilsonInterval(hits + 1, of);
          expect(next.low).toBeGreaterThan(once.low);
          expect(next.high).toBeGreaterThan(once.high);
        }
      }),
    ));
});
