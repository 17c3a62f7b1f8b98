import Fraction from 'fraction.js';
import { decimal, decimalText } from './amount.js';

/** An exact fraction, for what no decimal says: three pieces to the kilogram. Arithmetic by methods: add, sub, mul, div, compare. */
export type Ratio = Fraction;

const exactly = (number: string): Ratio => new Fraction(decimalText(decimal(number)));

/**
 * @param text a decimal, or two with a slash: "0.5", "1/3".
 * @throws RangeError where it is neither, or divides by zero.
 */
export const ratio = (text: string): Ratio => {
  const [over = '', under, ...more] = text.split('/');
  if (more.length > 0) throw new RangeError(`not a fraction: ${text}`);
  if (under === undefined) return exactly(over);
  const divisor = exactly(under);
  if (divisor.equals(0)) throw new RangeError(`divides by zero: ${text}`);
  return exactly(over).div(divisor);
};

export const NOTHING: Ratio = new Fraction(0);

/** How many digits after the point the fraction ends with; undefined where it never ends. */
const digitsOf = ({ d }: Ratio): number | undefined => {
  let rest = d;
  const powerOf = (prime: bigint): number => {
    let power = 0;
    for (; rest % prime === 0n; rest /= prime) power++;
    return power;
  };
  const digits = Math.max(powerOf(2n), powerOf(5n));
  return rest === 1n ? digits : undefined;
};

/** The exact decimal where there is one; else rounded, half up, to so many digits after the point. */
export const ratioText = (value: Ratio, places = 6): string => {
  const { s, n, d } = value;
  const digits = digitsOf(value);
  const scale = 10n ** BigInt(digits ?? places);
  const scaled = digits === undefined ? (2n * n * scale + d) / (2n * d) : (n * scale) / d;
  return decimalText(decimal(`${s < 0n ? '-' : ''}${scaled}e-${digits ?? places}`));
};
