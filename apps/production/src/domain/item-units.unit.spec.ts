import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ratio, ratioText } from '#kernel';
import { inUnit, unitProblems, type Counted } from './item-units.js';

const codes = (counted: Counted): string[] => unitProblems(counted).map(({ code }) => code);
const cup: Counted = {
  baseUnit: 'KGM',
  units: [
    { unit: 'CS', factor: '12', of: 'EA' },
    { unit: 'EA', factor: '1/3' },
    { unit: 'PF', factor: '48', of: 'CS' },
  ],
};
const text = (value: string, unit: string, to: string, item?: Counted): string | undefined => {
  const found = inUnit({ value, unit }, to, item);
  return found && ratioText(found);
};

describe('the units of an item', () => {
  it('are worth what they say, through each other, in any order', () => {
    expect(unitProblems(cup)).toEqual([]);
    expect(text('1', 'PF', 'KGM', cup)).toBe('192');
    expect(text('1', 'PF', 'GRM', cup)).toBe('192000');
    expect(text('192', 'KGM', 'CS', cup)).toBe('48');
    expect(text('1', 'EA', 'KGM', cup)).toBe('0.333333');
    // A dozen follows from the piece.
    expect(text('1', 'DZN', 'CS', cup)).toBe('1');
  });

  it('convert nothing that nobody declared, and by Rec 20 without any item', () => {
    expect(text('1', 'LTR', 'KGM', cup)).toBeUndefined();
    expect(text('1', 'EA', 'KGM')).toBeUndefined();
    expect(text('1', 'LBR', 'KGM')).toBe('0.45359237');
  });

  it.each<[string, Counted['units']]>([
    ['unit-is-base', [{ unit: 'KGM', factor: '1' }]],
    ['factor-zero', [{ unit: 'EA', factor: '0.0' }]],
    ['factor-zero', [{ unit: 'EA', factor: '1/0' }]],
    ['unit-not-defined', [{ unit: 'CS', factor: '12', of: 'EA' }]],
    ['units-circular', [{ unit: 'CS', factor: '12', of: 'CS' }]],
    ['factor-contradicts', [{ unit: 'GRM', factor: '0.01' }]],
  ])('are refused: %s', (code, units) => {
    expect(codes({ baseUnit: 'KGM', units })).toEqual([code]);
  });

  it('are refused where they are listed twice, go in a circle, or contradict each other by what Rec 20 fixes', () => {
    const units = (...all: [string, string, string?][]): Counted => ({
      baseUnit: 'KGM',
      units: all.map(([unit, factor, of]) => ({ unit, factor, ...(of !== undefined && { of }) })),
    });
    expect(codes(units(['EA', '1'], ['EA', '2']))).toEqual(['unit-listed-twice']);
    expect(codes(units(['A', '2', 'B'], ['B', '2', 'A']))).toEqual(['units-circular', 'units-circular']);
    expect(codes(units(['EA', '0.5'], ['DZN', '6']))).toEqual([]);
    const [contradiction] = unitProblems(units(['EA', '0.5'], ['DZN', '7']));
    expect(contradiction).toMatchObject({ code: 'factor-contradicts', found: '7 KGM', expected: '6 KGM' });
    expect(codes(units(['GRM', '0.001']))).toEqual([]);
  });

  it('lose nothing on the way there and back, whatever the factors', () => {
    const factor = fc
      .tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }))
      .map(([over, under]) => `${over}/${under}`);
    const chain = fc.array(factor, { minLength: 1, maxLength: 6 }).map((factors) => ({
      baseUnit: 'KGM',
      units: factors.map((one, i) => ({ unit: `U${i}`, factor: one, ...(i > 0 && { of: `U${i - 1}` }) })),
    }));
    fc.assert(
      fc.property(chain, fc.integer({ min: 1, max: 1_000_000 }).map(String), (item, value) => {
        expect(unitProblems(item)).toEqual([]);
        const last = item.units.at(-1)!.unit;
        const product = item.units.reduce((all, { factor: one }) => all.mul(ratio(one)), ratio(value));
        expect(inUnit({ value, unit: last }, 'KGM', item)?.equals(product)).toBe(true);
        const there = inUnit({ value, unit: 'KGM' }, last, item)!;
        expect(there.mul(product).div(ratio(value)).equals(ratio(value))).toBe(true);
      }),
    );
  });
});
