import { LotlineError } from '#kernel';
import type { ApiResponse, PublicApi } from '#platform';
import type { Trace } from '#traceability';

/** A lot as genealogy lists it. */
export interface ListedLot {
  id: string;
  lotCode: string | null;
}

/** What recalls asks of genealogy, by its public API. */
export interface Genealogy {
  /** Forward trace of one lot; undefined where the record knows no such lot. */
  trace(lot: string, minPosition: string | undefined): Promise<Trace | undefined>;
  /** Lots that match, all pages. */
  lots(query: Readonly<Record<string, string>>, minPosition: string | undefined): Promise<ListedLot[]>;
}

const ask = async <Body>(api: PublicApi, path: `/${string}`): Promise<ApiResponse<Body>> => {
  const response = await api.request<Body>('GET', path);
  if (response.status === 200) return response;
  const { code, detail } = (response.body ?? {}) as { code?: string; detail?: string };
  // Only this says that there is no such lot; any other 404 is somebody who is not genealogy.
  if (response.status === 404 && code === 'lot-unknown') return response;
  throw new LotlineError(
    response.status === 503 ? 'behind' : 'unavailable',
    'genealogy-unavailable',
    `genealogy did not answer: ${detail ?? code ?? `status ${response.status}`}`,
    [],
    { retryAfter: 1 },
  );
};

const queryOf = (members: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value] as [string, string]],
    ),
  ).toString();

export const createGenealogy = (api: PublicApi): Genealogy => ({
  trace: async (lot, minPosition) => {
    const query = queryOf({ lot, direction: 'forward', minPosition });
    const response = await ask<Trace>(api, `/genealogy/trace?${query}`);
    return response.status === 200 ? response.body : undefined;
  },
  lots: async (query, minPosition) => {
    const found: ListedLot[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const path = `/genealogy/lots?${queryOf({ ...query, limit: '1000', minPosition, cursor })}` as const;
      const response: ApiResponse<{ items: ListedLot[]; next?: string }> = await ask(api, path);
      if (response.status !== 200) break;
      found.push(...response.body.items);
      cursor = response.body.next ?? undefined;
    }
    return found;
  },
});
