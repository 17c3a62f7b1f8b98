import { decided, LotReceived } from '#contracts';
import { LotlineError, canonicalJson } from '#kernel';
import type { Book, BookEvent } from './book.js';
import type { CommandOf } from './command.js';

/** A receipt is recorded once; goods at the door are never refused for a business reason. */
export const receive = ({ receipt, at, now }: CommandOf<'receive'>, book: Book): BookEvent[] => {
  const before = book.receipts.get(receipt.receipt);
  if (before === undefined) return [decided(LotReceived, at ?? now, receipt)];
  if (canonicalJson(before) === canonicalJson(receipt)) return [];
  throw new LotlineError('conflict', 'receipt-exists', `receipt ${receipt.receipt} was recorded with other content`);
};
