import { decided, LotDatesChanged } from '#contracts';
import { canonicalJson } from '#kernel';
import type { LotDates } from '#traceability';
import { datesOf } from './blocks.js';
import type { Book, BookEvent } from './book.js';
import type { CommandOf } from './command.js';

/** The change of a lot's dates, with those that it replaces; nothing where they are so already. */
export const datesChanged = (
  lot: string,
  dates: LotDates,
  reason: string,
  { known, now }: Pick<CommandOf<'change-dates'>, 'known' | 'now'>,
  book: Book,
): BookEvent[] => {
  const before = datesOf(book, known, lot);
  if (canonicalJson({ ...before, ...dates }) === canonicalJson(before)) return [];
  const replaced = Object.fromEntries(Object.entries(before).filter(([name]) => Object.hasOwn(dates, name)));
  return [
    decided(LotDatesChanged, now, {
      ...{ lot, dates, reason },
      ...(Object.keys(replaced).length > 0 && { before: replaced }),
    }),
  ];
};
