import type { NewEvent } from '#contracts';
import type { Problem } from '#kernel';

/** A fact ready for the log. */
export interface NewFact {
  stream: string;
  event: NewEvent;
  /** Canonical id of the fact (of master data: of the element). */
  eventId: string;
  /** Where its reporter wrote the id. */
  idField: '/eventID' | '/id';
  /** `any`: what the stream holds does not matter (master data). Else it is asked for, so that corrections queue up. */
  expected: 'no-stream' | 'any';
}

/** What becomes of one item that was sent. */
export type Prepared = { fact: NewFact } | { eventId?: string; problems: Problem[] };

/** Same id, other content: refused and shown; the first stays. */
export const idConflict = ({ eventId, idField }: NewFact, where: string): Problem => ({
  code: 'id-conflict',
  message: `${where} has this id and other content; the first stays`,
  id: eventId,
  field: idField,
  found: eventId,
  expected: 'an id of its own, or the same content',
});
