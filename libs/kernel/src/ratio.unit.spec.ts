import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, decimalText } from './amount.js';
import { ratio, ratioText } from './ratio.js';

describe('an exact fraction', () => {
  it('is read from a decimal or from two', () => {
    expect(ratio('0.5').equals(ratio('1/2'))).toBe(true);
    expect(ratio('0.5/1.5').equals(ratio('1/3'))).toBe(true);
    expect(ratio('.5').equals(ratio('5./10'))).toBe(true);
    for (const text of ['', '/', '1/0', '1/2/3', 'x', '1/', '0.(3)', '1 1/2'])
      expect(() => ratio(text)).toThrow(RangeError);
  });

  it('is written as the decimal it is, or rounded where no decimal is exact', () => {
    expect(ratioText(ratio('1/8'))).toBe('0.125');
    expect(ratioText(ratio('1/3'))).toBe('0.333333');
    expect(ratioText(ratio('2/3'), 2)).toBe('0.67');
    expect(ratioText(ratio('0').sub(ratio('2/3')), 2)).toBe('-0.67');
    expect(ratioText(ratio('0.000000125'))).toBe('0.000000125');
    expect(ratioText(ratio('100000000000000000000/3').mul(3))).toBe('100000000000000000000');
  });

  it('loses nothing of a decimal, and nothing on the way there and back', () => {
    const text = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }))
      .map(([digits, places]) => decimalText(decimal(`${digits}e-${places}`)));
    fc.assert(
      fc.property(text, fc.bigInt({ min: 1n, max: 10n ** 20n }), (number, by) => {
        expect(ratioText(ratio(number))).toBe(number);
        expect(ratioText(ratio(`${number}/${by}`).mul(ratio(String(by))))).toBe(number);
      }),
    );
  });
});
