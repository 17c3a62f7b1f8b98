import { LotlineError, type Amount, type Problem } from '#kernel';
import type { ApiResponse, PublicApi } from '#platform';

export interface IssueRequest {
  reference: string;
  attempt: number;
  lines: readonly { lot: string; place: string; amount: Amount }[];
}

export type IssueAnswer =
  /** `blocked`: the attempt had been issued before, and what forbids it by now. */
  | { issued: true; blocked?: readonly Problem[] }
  /** `partial`: some books issued their part before another said no. */
  | { issued: false; kind: 'refused' | 'conflict'; code: string; problems: readonly Problem[]; partial: boolean };

export interface OpenIssue {
  id: string;
  attempt?: number;
  since: string;
  lines: { lot: string }[];
}

/** What shipping asks of inventory, by its public API. */
export interface StockIssues {
  issue(request: IssueRequest): Promise<IssueAnswer>;
  /** Undoes that attempt, if it stands. */
  undo(reference: string, attempt: number, lots: readonly string[], reason: string): Promise<void>;
  /** Gives back all that is allocated for it. */
  releasePromises(reference: string, reason: string): Promise<void>;
  /** Allocations for shipments that are not used up. */
  promises(): Promise<{ id: string; for: string }[]>;
  /** Issues for shipments that no recorded movement confirms yet. */
  open(): Promise<OpenIssue[]>;
}

interface ProblemBody {
  code?: string;
  detail?: string;
  problems?: Problem[];
  partial?: boolean;
  blocked?: Problem[];
}

const unexpected = (what: string, response: ApiResponse): LotlineError => {
  const { code, detail } = (response.body ?? {}) as ProblemBody;
  return new LotlineError(
    'unavailable',
    'inventory-unavailable',
    `inventory did not ${what}: ${detail ?? code ?? `status ${response.status}`}`,
  );
};

export const createStockIssues = (api: PublicApi): StockIssues => ({
  issue: async (request) => {
    const response = await api.request<ProblemBody>('POST', '/inventory/issues', { body: request });
    if (response.status === 201) {
      const { blocked } = response.body;
      return { issued: true, ...(blocked && { blocked }) };
    }
    if (response.status !== 422 && response.status !== 409) throw unexpected('answer the issue', response);
    const { code = 'issue-refused', detail = '', problems = [], partial = false } = response.body;
    return {
      issued: false,
      kind: response.status === 422 ? 'refused' : 'conflict',
      code,
      problems: problems.length > 0 ? problems : [{ code, message: detail }],
      partial,
    };
  },
  undo: async (reference, attempt, lots, reason) => {
    const response = await api.request('POST', `/inventory/issues/${encodeURIComponent(reference)}/undo`, {
      body: { attempt, lots, reason },
    });
    if (response.status !== 200) throw unexpected('undo the issue', response);
  },
  releasePromises: async (reference, reason) => {
    const response = await api.request('POST', '/inventory/allocations/release', { body: { for: reference, reason } });
    if (response.status !== 200) throw unexpected('release the allocations', response);
  },
  promises: async () => allPages(api, { kind: 'allocation', forPrefix: 'shipment:' }),
  open: async () => allPages(api, { kind: 'issue', prefix: 'shipment:' }),
});

const allPages = async <Item>(api: PublicApi, filter: Record<string, string>): Promise<Item[]> => {
  const found: Item[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const query = new URLSearchParams({ ...filter, limit: '1000', ...(cursor && { cursor }) });
    const response: ApiResponse<{ items: Item[]; next?: string }> = await api.request(
      'GET',
      `/inventory/commitments?${query.toString()}`,
    );
    if (response.status !== 200) throw unexpected('list what it gave out', response);
    found.push(...response.body.items);
    cursor = response.body.next;
  }
  return found;
};
