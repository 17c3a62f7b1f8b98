import { calendarDay, type Problem } from '#kernel';
import type { LotDates } from '#traceability';
import type { KnownStock } from '../known-stock.js';
import { holdsOn, qualityOf, type Book } from './book.js';

/** The owner of a recall's holds. */
export const RECALL_OWNER = 'recall:';

/** Dates as the facts have them, with what the book stated after known stock was taken. */
export const datesOf = (book: Book, known: KnownStock, lot: string): LotDates => {
  const later = (book.lots.get(lot)?.dates ?? []).filter(
    ({ position }) => position === undefined || position > known.position,
  );
  return Object.assign({}, known.lots.get(lot)?.dates, ...later.map(({ stated }) => stated)) as LotDates;
};

/** Whether the lot may no longer be used on `day`: the use-by day itself is still good. */
export const isExpiredOn = (dates: LotDates, day: string): boolean => {
  const expiry = dates.expiry === undefined ? undefined : calendarDay(dates.expiry);
  return expiry !== undefined && expiry < day;
};

/** Whether the lot has to be tested again before it is used on `day`: the retest day itself is still good. */
export const isRetestDueOn = (dates: LotDates, day: string): boolean => {
  const retest = dates.retest === undefined ? undefined : calendarDay(dates.retest);
  return retest !== undefined && retest < day;
};

/**
 * Every rule that forbids taking anything of the lot on that day, whatever the amount: `lot-unknown`, `lot-held`,
 * `lot-recalled` (a hold whose owner is a recall), `lot-rejected`, `lot-quarantined`, `lot-expired`,
 * `lot-retest-due`.
 */
export const blocksOf = (book: Book, known: KnownStock, lot: string, day: string): Problem[] => {
  const problems: Problem[] = [];
  const add = (code: string, message: string, more: Partial<Problem> = {}): void => {
    problems.push({ code, message, id: lot, ...more });
  };
  if (!known.lots.has(lot)) add('lot-unknown', `nothing is recorded of lot ${lot}`);
  for (const hold of holdsOn(book, lot).values()) {
    if (hold.owner.startsWith(RECALL_OWNER))
      add('lot-recalled', `lot ${lot} is recalled: ${hold.reason}`, { found: hold.owner });
    else add('lot-held', `lot ${lot} is on hold: ${hold.reason}`, { found: hold.holdId });
  }
  const quality = qualityOf(book, lot);
  if (quality === 'rejected') add('lot-rejected', `lot ${lot} was rejected`);
  if (quality === 'quarantine') add('lot-quarantined', `lot ${lot} is in quarantine until it is released`);
  const dates = datesOf(book, known, lot);
  if (isExpiredOn(dates, day))
    add('lot-expired', `lot ${lot} expired on ${dates.expiry}`, {
      found: dates.expiry,
      expected: `${day} or later`,
      accepted: { neededOn: dates.expiry },
    });
  if (isRetestDueOn(dates, day))
    add('lot-retest-due', `lot ${lot} has to be tested again since ${dates.retest}`, {
      found: dates.retest,
      expected: `${day} or later`,
      accepted: { neededOn: dates.retest },
    });
  return problems;
};
