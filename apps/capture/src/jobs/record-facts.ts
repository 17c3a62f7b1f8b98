import type { EventLog, ExpectedRevision } from '#event-log';
import { LotlineError } from '#kernel';
import type { NewFact } from '../domain/new-fact.js';

/** What became of one fact. */
export type Outcome =
  | { result: 'recorded' | 'duplicate'; position: string; recordTime: string }
  /** The id is taken by other content at this position; the first stays. */
  | { result: 'conflict'; position: string };

/** A stream of one fact moves only by its own corrections: more rounds mean something else is wrong. */
const MOST_ROUNDS = 100;

/**
 * Appends facts, each to its own stream, and says what became of each. The first append expects no stream; where the
 * stream is there already (a correction, or the event that a correction came before) it is tried again at the revision
 * the log named. Facts of one stream are recorded in the order given.
 * @returns outcomes in the order of the facts.
 * @throws what `EventLog.append` rejects with; sending the same facts again is safe.
 */
export const recordFacts = async (log: EventLog, facts: readonly NewFact[]): Promise<Outcome[]> => {
  const outcomes = new Map<number, Outcome>();
  let pending = facts.map((fact, index): { fact: NewFact; index: number; expected: ExpectedRevision } => ({
    fact,
    index,
    expected: fact.expected,
  }));
  for (let round = 1; pending.length > 0; round++) {
    if (round > MOST_ROUNDS)
      throw new LotlineError('unavailable', 'too-many-conflicts', 'other writers moved the same facts every time');
    const results = await log.append(
      pending.map(({ fact, expected }) => ({ stream: fact.stream, expected, events: [fact.event] })),
    );
    const again: typeof pending = [];
    results.forEach((result, i) => {
      const tried = pending[i];
      if (!tried) throw new Error('the log answered more appends than it was given');
      if (result.ok) {
        const [recorded] = result.recorded;
        if (!recorded) throw new Error('the log recorded nothing of an append');
        const { position, recordTime, duplicate } = recorded;
        outcomes.set(tried.index, { result: duplicate ? 'duplicate' : 'recorded', position, recordTime });
      } else if (result.reason === 'id-conflict') {
        outcomes.set(tried.index, { result: 'conflict', position: result.position });
      } else again.push({ ...tried, expected: result.actual });
    });
    pending = again;
  }
  return facts.map((_, index) => {
    const outcome = outcomes.get(index);
    if (!outcome) throw new Error('the log gave no result for an append');
    return outcome;
  });
};
