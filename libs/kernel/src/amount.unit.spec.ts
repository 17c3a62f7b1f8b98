import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOf, baseUnitOf, decimal, decimalText, isDecimal, measure } from './amount.js';
import { isKnownUnit } from './units.js';

describe('decimals', () => {
  it.each([
    ['12000.0', '12000'],
    ['0.50', '0.5'],
    ['1e21', '1000000000000000000000'],
    ['-0', '0'],
    ['.5', '0.5'],
    ['+7.', '7'],
    ['0.000000000000000000001', '0.000000000000000000001'],
  ])('prints %s as %s', (text, plain) => expect(decimalText(decimal(text))).toBe(plain));

  it.each(['', ' 1', '1,5', '0x10', 'NaN', 'Infinity', '1e', '--1', '1e99999'])('takes "%s" for none', (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => decimal(text)).toThrow(RangeError);
  });

  it('are exact where doubles are not', () => {
    expect(decimalText(decimal('0.1').plus(decimal('0.2')))).toBe('0.3');
    const integer = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(decimalText(decimal(String(a)).plus(String(b)))).toBe(String(a + b));
        expect(decimalText(decimal(String(a)).times(String(b)))).toBe(String(a * b));
      }),
    );
  });
});

describe('measures', () => {
  it.each([
    ['1', 'TNE', '1000', 'KGM'],
    ['250', 'GRM', '0.25', 'KGM'],
    ['1', 'LBR', '0.45359237', 'KGM'],
    ['16', 'ONZ', '0.45359237', 'KGM'],
    ['1', 'MTQ', '1000', 'LTR'],
    ['8', 'PTL', '3.785411784', 'LTR'],
    ['4', 'QTL', '3.785411784', 'LTR'],
    ['128', 'OZA', '3.785411784', 'LTR'],
    ['2', 'DZN', '24', 'EA'],
    ['3', 'FOT', '0.9144', 'MTR'],
    ['7', 'XBX', '7', 'XBX'],
  ])('takes %s %s for %s %s', (value, unit, base, baseUnit) => {
    const m = measure(value, unit);
    expect(amountOf(m.value, m.dimension)).toEqual({ value: base, unit: baseUnit });
  });

  it('counts pieces where there is no unit', () => {
    expect(measure('3')).toEqual(measure('3', 'EA'));
    expect(measure('3', 'H87').dimension).toBe('count');
  });

  it('never mixes units it does not know', () => {
    expect(measure('1', 'XBX').dimension).not.toBe(measure('1', 'XPK').dimension);
    expect(isKnownUnit('XBX')).toBe(false);
    expect(isKnownUnit('KGM')).toBe(true);
    expect(baseUnitOf('unit:XBX')).toBe('XBX');
  });
});
