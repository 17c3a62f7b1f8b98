import { baseOf, decimal, decimalText, measure, amountOf, type Amount } from '#kernel';
import type { Exposure } from './answer.js';
import type { LotNode } from './graph.js';
import type { Share } from './exposure.js';

/** Decimals of a proportional amount; φ is a double, so more would claim what it does not know. */
const DECIMALS = 6;

/** How much of the suspects is in an amount of a lot. */
export const exposureOf = (whole: Amount | null, { share, why }: Share): Exposure => ({
  worstCase: whole,
  share,
  proportional:
    whole === null || share === null
      ? null
      : { value: decimalText(decimal(whole.value).times(share).round(DECIMALS)), unit: whole.unit },
  ...(why !== undefined && { why }),
});

/** Sums by dimension, exact, in base units, in the order of their dimensions. */
export const totals = (amounts: readonly Amount[]): Amount[] => {
  const sums = new Map<string, Amount>();
  for (const { value, unit } of amounts) {
    const m = measure(value, unit);
    const sum = sums.get(m.dimension);
    sums.set(m.dimension, amountOf(sum === undefined ? m.value : m.value.plus(sum.value), m.dimension));
  }
  return [...sums].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)).map(([, amount]) => amount);
};

const ORDER = ['mass', 'volume', 'count', 'length', 'area'];
const rank = (dimension: string): number => (ORDER.indexOf(dimension) + ORDER.length + 1) % (ORDER.length + 1);

/** The whole quantity of a lot: all that was made and received; by weight first where it is recorded in several dimensions. */
export const wholeOf = ({ made, received }: LotNode): Amount | null => {
  const [only] = made;
  // Amounts of a node are in base units already: one alone is its own sum.
  if (only !== undefined && made.length === 1 && received.length === 0 && baseOf(only.unit).factor === '1')
    return isZero(only) ? null : { value: decimalText(decimal(only.value)), unit: only.unit };
  return totals([...made, ...received]).find((amount) => !isZero(amount)) ?? null;
};

const isZero = (amount: Amount): boolean => Number(amount.value) === 0;
