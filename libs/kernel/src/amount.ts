import Big from 'big.js';
import { baseOf } from './units.js';

// Ours is a constructor of its own, so that nobody's global settings change how we print.
const Decimal = Big();
Decimal.NE = -1_000_000;
Decimal.PE = 1_000_000;
Decimal.strict = false;

/** An exact decimal number. Arithmetic by methods: plus, minus, times, cmp, lt, gt, eq. */
export type Decimal = Big;

/** A quantity as it stands in APIs: an exact decimal string and a UN/ECE Rec 20 unit code. */
export interface Amount {
  value: string;
  unit: string;
}

/** A quantity in the base unit of its dimension (KGM, LTR, EA …), which is what a ledger adds up. */
export interface Measure {
  value: Decimal;
  dimension: string;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/;

/** @throws RangeError where the text is no decimal number. */
export const decimal = (text: string | number): Decimal => {
  const s = String(text);
  if (!NUMBER.test(s)) throw new RangeError(`not a decimal number: ${s}`);
  // big.js knows no plus sign.
  return new Decimal(s.startsWith('+') ? s.slice(1) : s);
};

export const ZERO: Decimal = decimal('0');

/** Shortest plain form: no exponent, no trailing zeros ("12000", "0.5"). */
export const decimalText = (d: Decimal): string => (d.eq(0) ? '0' : d.toFixed());

export const isDecimal = (text: string): boolean => NUMBER.test(text);

/** Converts exactly into the base unit; a unit we do not know is its own dimension. No unit means pieces (EA). */
export const measure = (value: string | number, unit?: string): Measure => {
  const base = baseOf(unit ?? 'EA');
  const v = decimal(value);
  return { value: base.factor === '1' ? v : v.times(base.factor), dimension: base.dimension };
};

/** The amount of a measure in the base unit of its dimension. */
export const amountOf = (value: Decimal, dimension: string): Amount => ({
  value: decimalText(value),
  unit: baseUnitOf(dimension),
});

const BASE_UNITS: Record<string, string> = { mass: 'KGM', volume: 'LTR', count: 'EA', length: 'MTR', area: 'MTK' };

/** The unit a dimension is counted in: KGM for mass …; for a unit we do not know, the unit itself. */
export const baseUnitOf = (dimension: string): string =>
  BASE_UNITS[dimension] ?? (dimension.startsWith('unit:') ? dimension.slice(5) : dimension);
