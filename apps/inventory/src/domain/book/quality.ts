import { decided, HoldLifted, InspectionRecorded, LotHeld, LotRejected, LotReleased } from '#contracts';
import { LotlineError, contentHash, refused } from '#kernel';
import { holdsOn, qualityOf, type Book, type BookEvent } from './book.js';
import type { CommandOf } from './command.js';
import { datesChanged } from './dates-changed.js';
import { inspectionRequired, needsInspection } from './inspections.js';

/** A lot may be held before anything of it is known: a recall names lots that are still on their way. */
export const hold = ({ lots, holdId, reason, owner, now }: CommandOf<'hold'>, book: Book): BookEvent[] =>
  [...new Set(lots)].flatMap((lot) => {
    const before = holdsOn(book, lot).get(holdId);
    if (before === undefined) return [decided(LotHeld, now, { lot, holdId, reason, owner })];
    if (before.owner === owner) return [];
    throw new LotlineError('conflict', 'hold-exists', `hold ${holdId} on lot ${lot} belongs to ${before.owner}`);
  });

/** Lifts this hold and no other. Lifting what is not there is done already. */
export const lift = ({ lots, holdId, reason, owner, now }: CommandOf<'lift'>, book: Book): BookEvent[] =>
  [...new Set(lots)].flatMap((lot) => {
    const before = holdsOn(book, lot).get(holdId);
    if (before === undefined) return [];
    // A recall's hold goes when its case is closed or the lot is excluded, not by anyone who finds it in the way.
    if (before.owner !== (owner ?? before.owner) || (owner === undefined && before.owner.startsWith('recall:')))
      throw refused('hold-not-yours', `hold ${holdId} on lot ${lot} belongs to ${before.owner}`, [
        {
          code: 'hold-not-yours',
          message: `only ${before.owner} lifts it`,
          id: lot,
          found: owner ?? null,
          expected: before.owner,
        },
      ]);
    return [decided(HoldLifted, now, { lot, holdId, reason })];
  });

const requireKnown = (lot: string, isKnown: boolean): void => {
  if (!isKnown)
    throw refused('lot-unknown', `nothing is recorded of lot ${lot}`, [
      { code: 'lot-unknown', message: `nothing is recorded of lot ${lot}`, id: lot },
    ]);
};

const isKnown = (command: { known: CommandOf<'release'>['known'] }, book: Book, lot: string): boolean =>
  command.known.lots.has(lot) || book.lots.get(lot)?.received === true;

export const release = (command: CommandOf<'release'>, book: Book): BookEvent[] => {
  const { lot, reason, now } = command;
  requireKnown(lot, isKnown(command, book, lot));
  if (qualityOf(book, lot) === 'released') return [];
  if (needsInspection(book, lot, command))
    throw refused('release-refused', `lot ${lot} cannot be released`, [inspectionRequired(book, lot)]);
  return [decided(LotReleased, now, { lot, ...(reason !== undefined && { reason }) })];
};

/**
 * Received into quarantine where the plan wants the goods inspected first. A receipt told again stays what it was, whatever
 * the plan says by now.
 */
export const keptForInspection = (command: CommandOf<'receive'>, book: Book): CommandOf<'receive'> => {
  const { receipt } = command;
  const before = book.receipts.get(receipt.receipt);
  const isKept =
    before === undefined
      ? needsInspection(book, receipt.lot, command, receipt.supplier)
      : before.quarantine && (command.plans?.size ?? 0) > 0;
  return isKept && !receipt.quarantine ? { ...command, receipt: { ...receipt, quarantine: true } } : command;
};

export const reject = (command: CommandOf<'reject'>, book: Book): BookEvent[] => {
  const { lot, reason, now } = command;
  requireKnown(lot, isKnown(command, book, lot));
  return qualityOf(book, lot) === 'rejected' ? [] : [decided(LotRejected, now, { lot, reason })];
};

/** The same result told again is recorded already; another one under the same inspection is another result. */
export const inspect = ({ inspection, at, now }: CommandOf<'inspect'>, book: Book): BookEvent[] =>
  book.inspections.has(contentHash(inspection)) ? [] : [decided(InspectionRecorded, at ?? now, inspection)];

export const changeDates = (command: CommandOf<'change-dates'>, book: Book): BookEvent[] => {
  const { lot, dates, reason } = command;
  requireKnown(lot, isKnown(command, book, lot));
  return datesChanged(lot, dates, reason, command, book);
};
