import { decimal, isDecimal } from '#kernel';
import type { Characteristic } from './plan.js';

export type Verdict = 'pass' | 'fail' | 'inconclusive';

export const isMeasured = ({ lower, upper }: Characteristic): boolean => lower !== undefined || upper !== undefined;

const said = (text: string): string => text.trim().toLowerCase();

/** Limits themselves are good; findings are compared without regard to case. */
const isGood = (characteristic: Characteristic, value: string): boolean => {
  const { lower, upper, expected } = characteristic;
  if (!isMeasured(characteristic)) return said(value) === said(expected ?? '');
  const measured = decimal(value);
  return (lower === undefined || measured.gte(decimal(lower))) && (upper === undefined || measured.lte(decimal(upper)));
};

/** Whether the value can be judged at all. */
export const isReadable = (characteristic: Characteristic, value: string): boolean =>
  !isMeasured(characteristic) || isDecimal(value);

/** One bad sample fails the lot; good ones pass it once there are as many as the plan wants. */
export const verdictOf = (characteristic: Characteristic, values: readonly string[]): Verdict => {
  if (values.some((value) => !isGood(characteristic, value))) return 'fail';
  return values.length < characteristic.sampleSize ? 'inconclusive' : 'pass';
};

/** What would be good, in words. */
export const expectationOf = ({ lower, upper, expected, unit }: Characteristic): string => {
  const of = unit === undefined ? '' : ` ${unit}`;
  if (lower !== undefined && upper !== undefined) return `${lower} to ${upper}${of}`;
  if (lower !== undefined) return `at least ${lower}${of}`;
  return upper !== undefined ? `at most ${upper}${of}` : (expected ?? '');
};
