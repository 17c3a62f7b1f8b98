import { isPositive } from './positive.js';
import { ZERO, amountOf, measure, type Amount } from '#kernel';
import { discrepancy } from './book.js';
import type { Discrepancy, LotLedger } from './types.js';

/** An allocation or issue that has not been carried out. */
export interface Commitment {
  /** Its reference, as in the stock book. */
  id: string;
  amount: Amount;
  place?: string;
}

/**
 * Commitments that facts have broken: what is promised of a lot, at a place where one is named, exceeds what is on hand.
 * @param time time key at which this is judged.
 */
export const brokenCommitments = (
  ledger: Pick<LotLedger, 'lot' | 'balances'>,
  commitments: readonly Commitment[],
  time: string,
): Discrepancy[] => {
  const measured = commitments.map((c) => ({ ...c, ...measure(c.amount.value, c.amount.unit) }));
  const groups = Map.groupBy(measured, (c) => JSON.stringify([c.dimension, c.place ?? null]));
  return [...groups.values()].flatMap((group) => {
    const [{ dimension, place } = { dimension: '', place: undefined }] = group;
    const promised = group.reduce((sum, c) => sum.plus(c.value), ZERO);
    const onHand = ledger.balances
      .filter((b) => b.dimension === dimension && (place === undefined || b.place === place))
      .reduce((sum, b) => sum.plus(b.value), ZERO);
    const lacking = promised.minus(onHand);
    if (!isPositive(lacking)) return [];
    return [
      discrepancy(
        {
          kind: 'commitment-broken',
          lot: ledger.lot,
          ...(place !== undefined && { place }),
          amount: amountOf(lacking, dimension),
          events: group.map((c) => c.id).sort(),
          time,
        },
        {
          promised: {
            amount: amountOf(promised, dimension),
            by: group.map((c) => c.id).sort(),
            onHand: amountOf(onHand, dimension),
          },
        },
      ),
    ];
  });
};
