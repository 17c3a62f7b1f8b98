import { ZERO, amountOf, measure, type Amount, type Decimal } from '#kernel';
import type { Line } from './shipment.js';

/** Amounts by lot and dimension; lines of the same lot add up. */
export type LotTotals = Map<string, { lot: string; dimension: string; value: Decimal }>;

export const totalsOf = (lines: readonly Line[]): LotTotals => {
  const totals: LotTotals = new Map();
  for (const { lot, amount } of lines) {
    const { value, dimension } = measure(amount.value, amount.unit);
    const key = `${lot}\n${dimension}`;
    totals.set(key, { lot, dimension, value: (totals.get(key)?.value ?? ZERO).plus(value) });
  }
  return totals;
};

/** What of `wanted` is more than `limit` has, each with what there is. */
export const excess = (wanted: LotTotals, limit: LotTotals): { lot: string; found: Amount; limit: Amount }[] =>
  [...wanted].flatMap(([key, { lot, dimension, value }]) => {
    const most = limit.get(key)?.value ?? ZERO;
    return value.gt(most) ? [{ lot, found: amountOf(value, dimension), limit: amountOf(most, dimension) }] : [];
  });

/** `from` less `taken`; what is used up is left out. */
export const rest = (from: LotTotals, taken: LotTotals): Line[] =>
  [...from].flatMap(([key, { lot, dimension, value }]) => {
    const left = value.minus(taken.get(key)?.value ?? ZERO);
    return left.gt(ZERO) ? [{ lot, amount: amountOf(left, dimension) }] : [];
  });

export const linesOf = (totals: LotTotals): Line[] =>
  [...totals.values()].map(({ lot, dimension, value }) => ({ lot, amount: amountOf(value, dimension) }));
