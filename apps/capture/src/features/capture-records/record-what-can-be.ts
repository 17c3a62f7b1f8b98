import type { EventLog } from '#event-log';
import { LotlineError } from '#kernel';
import type { Prepared } from '../../domain/new-fact.js';
import { type Captured, recordPrepared } from '../../jobs/capture-facts.js';

const isAtFault = (error: unknown): error is LotlineError =>
  error instanceof LotlineError && (error.kind === 'malformed' || error.kind === 'too-large');

/**
 * As `recordPrepared`; a fact that the log can never hold keeps none of the others back: they are halved until it is found,
 * and it is refused.
 * @throws what the log rejects with while it cannot be reached.
 */
export const recordWhatCanBe = async (log: EventLog, items: readonly Prepared[]): Promise<Captured[]> => {
  try {
    return await recordPrepared(log, items);
  } catch (error) {
    if (!isAtFault(error)) throw error;
    const [only] = items;
    if (items.length > 1) {
      const half = Math.ceil(items.length / 2);
      const earlier = await recordWhatCanBe(log, items.slice(0, half));
      return [...earlier, ...(await recordWhatCanBe(log, items.slice(half)))];
    }
    if (!only || !('fact' in only)) throw error;
    const { eventId } = only.fact;
    const problems = [{ code: error.code, message: error.message, field: '' }];
    return [{ result: 'refused', eventId, conflict: false, problems }];
  }
};
