import { decided, IssueUndone, StockIssued } from '#contracts';
import { LotlineError, refused } from '#kernel';
import type { Book, BookEvent } from './book.js';
import type { CommandOf } from './command.js';
import { reasonsAgainst } from './requested-line.js';
import { statedOf, takesEqual } from './take.js';

const SUPERSEDED = 'superseded by a later attempt';

/**
 * Gives stock out for one act, once per reference: the same attempt again changes nothing, a later attempt replaces an
 * earlier one in the same decision, an earlier one comes too late.
 */
export const issue = (command: CommandOf<'issue'>, book: Book): BookEvent[] => {
  const { reference, attempt, lines, known, now, day } = command;
  const before = book.issues.get(reference);
  if (before !== undefined && before.attempt > attempt)
    throw new LotlineError('conflict', 'issue-superseded', `${reference} was tried again since attempt ${attempt}`);
  if (before?.attempt === attempt && !before.undone) {
    if (takesEqual(before.lines, lines)) return [];
    throw new LotlineError('conflict', 'issue-exists', `${reference} was issued with other lots or amounts`);
  }
  const replacing = before !== undefined && !before.undone;

  const own = [...book.allocations]
    .filter(([id, a]) => !a.released && (a.for === reference || command.allocations.includes(id)))
    .map(([id]) => id);
  const reasons = reasonsAgainst(book, known, lines, {
    day,
    act: reference,
    own,
    ...(replacing && { replacing: reference }),
  });
  if (reasons.length > 0) throw refused('issue-refused', `${reference} cannot take its stock`, reasons);
  return [
    ...(replacing ? [decided(IssueUndone, now, { reference, attempt: before.attempt, reason: SUPERSEDED })] : []),
    decided(StockIssued, now, {
      reference,
      attempt,
      lines: lines.map(statedOf),
      ...(own.length > 0 && { allocations: own }),
      knownAt: known.position,
    }),
  ];
};

/** Undoes that attempt, if it stands; a later attempt is not touched. */
export const undoIssue = ({ reference, attempt, reason, now }: CommandOf<'undo-issue'>, book: Book): BookEvent[] => {
  const before = book.issues.get(reference);
  if (!before || before.undone || (attempt !== undefined && before.attempt !== attempt)) return [];
  return [decided(IssueUndone, now, { reference, attempt: before.attempt, reason })];
};
