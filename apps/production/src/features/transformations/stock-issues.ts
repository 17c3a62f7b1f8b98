import type { TransformationStatement } from '#contracts';
import { LotlineError, type Problem } from '#kernel';
import type { PublicApi } from '#platform';

export interface IssueRequest {
  reference: string;
  attempt: number;
  statement: TransformationStatement;
  /** Day on which the lots must be good. */
  neededOn: string;
}

interface ProblemAnswer {
  code?: string;
  detail?: string;
  problems?: Problem[];
  /** Part of it stays issued until it is undone. */
  partial?: boolean;
}

/** Inputs at their places, each lot and place once. */
const linesOf = ({ inputs, place }: TransformationStatement) =>
  inputs.map((input) => ({ lot: input.lot, place: input.place ?? place, amount: input.amount }));

const unexpected = (what: string, status: number, body: unknown): LotlineError => {
  const { code, detail } = (body ?? {}) as ProblemAnswer;
  return new LotlineError(
    'unavailable',
    'inventory-unavailable',
    `inventory did not ${what}: ${status} ${code ?? ''} ${detail ?? ''}`.trim(),
  );
};

/**
 * Asks the stock book for the inputs; the same attempt again changes nothing.
 * @throws LotlineError `refused` with every reason of the book; `conflict` where a later attempt was faster; `unavailable`
 *   where it is not known whether the stock was issued.
 */
export const issueStock = async (api: PublicApi, request: IssueRequest): Promise<void> => {
  const { reference, attempt, statement, neededOn } = request;
  const { status, body } = await api.request<ProblemAnswer>('POST', '/inventory/issues', {
    body: { reference, attempt, lines: linesOf(statement), day: neededOn },
  });
  if (status >= 200 && status < 300) return;
  if (status === 422)
    throw new LotlineError(
      'refused',
      'transformation-refused',
      'the stock for the transformation was refused',
      body.problems ?? [],
      body.partial === true ? { partial: true } : {},
    );
  if (status === 409)
    throw new LotlineError('conflict', body.code ?? 'issue-exists', body.detail ?? 'issued otherwise');
  throw unexpected('issue the stock', status, body);
};

/** Gives back what that attempt was issued; nothing where it was issued nothing. */
export const undoIssue = async (
  api: PublicApi,
  request: { reference: string; attempt: number; reason: string; lots: string[] },
): Promise<void> => {
  const { reference, ...body } = request;
  const path = `/inventory/issues/${encodeURIComponent(reference)}/undo` as const;
  const answer = await api.request('POST', path, { body });
  if (answer.status >= 300) throw unexpected('undo the issue', answer.status, answer.body);
};

/**
 * Waits until known stock contains the position: an issue may be undone only once the record shows by itself what was
 * used, else the same stock could be promised twice in between.
 */
export const untilKnown = async (api: PublicApi, lots: readonly string[], position: string): Promise<void> => {
  const query = new URLSearchParams({ lot: lots[0] ?? '', limit: '1', minPosition: position });
  const { status, body } = await api.request('GET', `/inventory/stock?${query.toString()}`);
  if (status !== 200) throw unexpected('reach the position', status, body);
};
