import { decided, StockAdjusted, StockScrapped } from '#contracts';
import { LotlineError, ZERO, amountOf, refused } from '#kernel';
import { balanceOf } from '../known-stock.js';
import { available } from './available.js';
import type { Book, BookEvent } from './book.js';
import type { CommandOf } from './command.js';
import { shortageOf } from './shortage.js';
import { isSameTarget, statedOf } from './take.js';

/**
 * A count states what is there; it is never refused because it contradicts a promise: the promise is then broken, and
 * listed so.
 */
export const adjust = (command: CommandOf<'adjust'>, book: Book): BookEvent[] => {
  const { count, counted, reason, at, known, now } = command;
  const before = book.counts.get(count);
  if (before !== undefined) {
    if (isSameTarget(before.take, counted) && before.counted.eq(counted.value)) return [];
    throw new LotlineError('conflict', 'count-exists', `count ${count} was recorded with other content`);
  }
  const expected = balanceOf(known.lots.get(counted.lot), counted.place, counted.dimension) ?? ZERO;
  const { lot, place, amount } = statedOf(counted);
  return [
    decided(StockAdjusted, at ?? now, {
      count,
      lot,
      place,
      counted: amount,
      expected: amountOf(expected, counted.dimension),
      reason,
      knownAt: known.position,
    }),
  ];
};

/** Scraps what nobody was promised. What is blocked may be scrapped: that is where it goes. */
export const scrap = (command: CommandOf<'scrap'>, book: Book): BookEvent[] => {
  const { take, reason, at, known, now } = command;
  const before = book.scraps.get(command.scrap);
  if (before !== undefined) {
    if (isSameTarget(before, take) && before.value.eq(take.value)) return [];
    throw new LotlineError('conflict', 'scrap-exists', `scrap ${command.scrap} was recorded with other content`);
  }
  if (!known.lots.has(take.lot))
    throw refused('scrap-refused', `nothing is recorded of lot ${take.lot}`, [
      { code: 'lot-unknown', message: `nothing is recorded of lot ${take.lot}`, id: take.lot },
    ]);
  const left = available(book, known, take);
  if (left.lt(take.value))
    throw refused('scrap-refused', `there is less of lot ${take.lot} than that`, [shortageOf(known, take, left)]);
  return [
    decided(StockScrapped, at ?? now, { scrap: command.scrap, ...statedOf(take), reason, knownAt: known.position }),
  ];
};
