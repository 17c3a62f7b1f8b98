import { LotlineError, type Amount, type Problem } from '#kernel';
import type { ApiResponse, PublicApi } from '#platform';

export interface IssueRequest {
  reference: string;
  attempt: number;
  lines: readonly { lot: string; place: string; amount: Amount }[];
}

export type IssueAnswer =
  | { issued: true }
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
  /** Issues for shipments that no recorded movement confirms yet. */
  open(): Promise<OpenIssue[]>;
}

interface ProblemBody {
  code?: string;
  detail?: string;
  problems?: Problem[];
  partial?: boolean;
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
    if (response.status === 201) return { issued: true };
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
  open: async () => {
    const found: OpenIssue[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const response: ApiResponse<{ items: OpenIssue[]; next?: string }> = await api.request(
        'GET',
        `/inventory/commitments?kind=issue&prefix=${encodeURIComponent('shipment:')}&limit=1000${cursor && `&cursor=${cursor}`}`,
      );
      if (response.status !== 200) throw unexpected('list open issues', response);
      found.push(...response.body.items);
      cursor = response.body.next;
    }
    return found;
  },
});
