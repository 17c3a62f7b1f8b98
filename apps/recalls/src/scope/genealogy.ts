import { LotlineError } from '#kernel';
import type { PublicApi } from '#platform';
import type { Suspect } from '../domain/recall-case.js';
import type { ReachedBySuspects } from '../domain/scope.js';

/** What recalls asks of genealogy, by its public API. */
export interface Genealogy {
  /** @throws LotlineError `behind` or `unavailable` where it is late. */
  scope(suspects: readonly Suspect[], minPosition: string | undefined): Promise<ReachedBySuspects>;
}

export const createGenealogy = (api: PublicApi): Genealogy => ({
  scope: async (suspects, minPosition) => {
    const query = minPosition ? `?minPosition=${encodeURIComponent(minPosition)}` : '';
    const response = await api.request<ReachedBySuspects>('POST', `/genealogy/scope${query}`, { body: { suspects } });
    if (response.status === 200) return response.body;
    const { code, detail } = response.body as { code?: string; detail?: string };
    const said = detail ?? code ?? `status ${response.status}`;
    // Asking the same again would be answered the same again.
    if (response.status === 400 || response.status === 422) throw new Error(`genealogy refused the suspects: ${said}`);
    throw new LotlineError(
      response.status === 503 ? 'behind' : 'unavailable',
      'genealogy-unavailable',
      `genealogy did not answer: ${said}`,
      [],
      { retryAfter: 1 },
    );
  },
});

/** Whether the other side is only late, so that it is worth asking again. */
export const isLate = (error: unknown): boolean =>
  error instanceof LotlineError && (error.kind === 'behind' || error.kind === 'unavailable');
