import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noFigures } from '../domain/figures.js';
import { compareKeys, paired } from './paired-rows.js';
import type { FiguresRow } from './read-figures.js';

// By bytes U+FF5E comes before U+1F34E, in UTF-16 after it.
const text = fc.constantFrom('', 'a', 'ab', 'b', '\u{ff5e}', '\u{1f34e}');
const rows = fc
  .uniqueArray(fc.record({ item: text, site: text, dimension: fc.constantFrom('count', 'mass') }), {
    selector: (key) => JSON.stringify(key),
    maxLength: 12,
  })
  .map((keys) => keys.map((key): FiguresRow => ({ ...key, figures: noFigures() })).sort(compareKeys));

describe('frozen rows and those of now', () => {
  it('are paired by item, site and dimension, each once, in order of bytes', () => {
    fc.assert(
      fc.property(rows, rows, (before, now) => {
        const frozen = before.map((row) => ({ ...row, timeZone: 'UTC' }));
        const keyOf = ({ item, site, dimension }: Omit<FiguresRow, 'figures'>): string =>
          JSON.stringify([item, site, dimension]);
        const pairs = paired(frozen, now);
        expect(pairs.flatMap((pair) => pair.frozen ?? [])).toEqual(frozen);
        expect(pairs.flatMap((pair) => pair.now ?? [])).toEqual(now);
        expect(new Set(pairs.map(keyOf)).size).toBe(pairs.length);
        for (const pair of pairs)
          for (const side of [pair.frozen, pair.now]) if (side !== undefined) expect(keyOf(side)).toBe(keyOf(pair));
        expect(pairs).toEqual(pairs.toSorted(compareKeys));
      }),
    );
    const [first, second] = ['\u{ff5e}', '\u{1f34e}'].map((item) => ({ item, site: '', dimension: 'mass' }));
    expect(compareKeys(first!, second!)).toBeLessThan(0);
  });
});
