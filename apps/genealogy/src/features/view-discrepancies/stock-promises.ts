import { instant, LotlineError, measure, ZERO, type Amount } from '#kernel';
import type { ApiResponse, PublicApi } from '#platform';
import { brokenCommitments, type Discrepancy } from '#traceability';

/** As inventory lists it: what is promised of a lot at a place, and what the facts leave there. */
interface BrokenPromise {
  lot: string;
  place: string;
  known: Amount;
  commitments: { kind: string; id: string; amount: Amount; since: string }[];
}

/** What genealogy asks of inventory, by its public API: the stock books are inventory's. */
export interface StockPromises {
  /**
   * Commitments that facts have broken.
   * @param position what inventory must know at least.
   * @throws LotlineError `unavailable` where inventory does not answer.
   */
  broken(position: string): Promise<Discrepancy[]>;
}

const discrepancyOf = ({ lot, place, known, commitments }: BrokenPromise): Discrepancy[] => {
  const { value, dimension } = measure(known.value, known.unit);
  const since = commitments.map((c) => instant(c.since)?.key ?? c.since).sort();
  return brokenCommitments(
    { lot, balances: [{ place, dimension, value, received: ZERO }] },
    commitments.map((c) => ({ id: `${c.kind} ${c.id}`, amount: c.amount, place })),
    since.at(-1) ?? '',
  );
};

export const createStockPromises = (api: PublicApi): StockPromises => ({
  broken: async (position) => {
    const query = new URLSearchParams({ minPosition: position }).toString();
    const response: ApiResponse<{ items: BrokenPromise[] }> = await api.request(
      'GET',
      `/inventory/commitments/broken?${query}`,
    );
    if (response.status !== 200)
      throw new LotlineError('unavailable', 'inventory-unavailable', `inventory answered ${response.status}`);
    return response.body.items.flatMap(discrepancyOf);
  },
});
