import { LotlineError } from '#kernel';
import type { ApiResponse, PublicApi } from '#platform';

export interface HeldLot {
  lot: string;
  /** Log position at which its book said so. */
  heldAt: string;
}

/** What recalls asks of inventory's stock books, by its public API. */
export interface StockHolds {
  /** @returns lots whose book has the hold; the others are asked for again later. */
  hold(holdId: string, lots: readonly string[], reason: string): Promise<HeldLot[]>;
  /** @returns lots whose book has the hold no more. */
  lift(holdId: string, lots: readonly string[], reason: string): Promise<string[]>;
  /** Lots by owner that are held by any recall, as inventory's read model has it. */
  byOwner(prefix: string): Promise<Map<string, string[]>>;
}

interface Results {
  results: { lot: string; done: boolean; position?: string }[];
}

/** The largest list that inventory takes. */
const AT_ONCE = 10_000;

const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, i) => items.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

const checked = <Body>(response: ApiResponse<Body>): Body => {
  if (response.status === 200) return response.body;
  const { code, detail } = (response.body ?? {}) as { code?: string; detail?: string };
  throw new LotlineError(
    'unavailable',
    'inventory-unavailable',
    `inventory did not answer: ${detail ?? code ?? `status ${response.status}`}`,
  );
};

export const createStockHolds = (api: PublicApi): StockHolds => ({
  hold: async (holdId, lots, reason) => {
    const held: HeldLot[] = [];
    for (const part of chunks(lots)) {
      const body = { holdId, owner: holdId, reason, lots: part };
      const { results } = checked(await api.request<Results>('POST', '/inventory/holds', { body }));
      for (const { lot, done, position } of results) if (done) held.push({ lot, heldAt: position ?? '' });
    }
    return held;
  },
  lift: async (holdId, lots, reason) => {
    const lifted: string[] = [];
    for (const part of chunks(lots)) {
      const path = `/inventory/holds/${encodeURIComponent(holdId)}/lift` as const;
      const body = { owner: holdId, reason, lots: part };
      const { results } = checked(await api.request<Results>('POST', path, { body }));
      lifted.push(...results.filter((r) => r.done).map((r) => r.lot));
    }
    return lifted;
  },
  byOwner: async (prefix) => {
    const owners = new Map<string, string[]>();
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query = new URLSearchParams({ ownerPrefix: prefix, limit: '1000', ...(cursor && { cursor }) });
      const body: { items: { lot: string; owner: string }[]; next?: string } = checked(
        await api.request<{ items: { lot: string; owner: string }[]; next?: string }>(
          'GET',
          `/inventory/holds?${query.toString()}`,
        ),
      );
      for (const { lot, owner } of body.items) owners.set(owner, [...(owners.get(owner) ?? []), lot]);
      cursor = body.next;
    }
    return owners;
  },
});
