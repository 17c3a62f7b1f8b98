import { decided, StockMoved } from '#contracts';
import { LotlineError, amountOf, refused, type Problem } from '#kernel';
import { available } from './available.js';
import { blocksOf } from './blocks.js';
import type { Book, BookEvent } from './book.js';
import type { CommandOf } from './command.js';
import { notOurs } from './requested-line.js';
import { shortageOf } from './shortage.js';
import { isSameTarget } from './take.js';

/**
 * Goods that expired or are due for a retest may be put anywhere; what quality or a recall keeps where it is moves only if
 * that is meant.
 */
const STAYS: ReadonlySet<string> = new Set(['lot-held', 'lot-recalled', 'lot-rejected', 'lot-quarantined']);

/**
 * Moves what nobody was promised from a place of ours to another. It leaves the one place with this decision, and may be
 * promised at the other once known stock has it there.
 */
export const move = (command: CommandOf<'move'>, book: Book): BookEvent[] => {
  const { take, to, evenIfBlocked, reason, at, known, now } = command;
  const { lot, place: from, dimension, value } = take;
  const before = book.moves.get(command.move);
  if (before !== undefined) {
    if (isSameTarget(before, take) && before.to === to && before.value.eq(value)) return [];
    throw new LotlineError('conflict', 'move-exists', `move ${command.move} was recorded with other content`);
  }
  const blocks = blocksOf(book, known, lot, now.slice(0, 10));
  const kept = blocks.filter(({ code }) => STAYS.has(code));
  const unknown = blocks.filter(({ code }) => code === 'lot-unknown');
  const left = available(book, known, take);
  const reasons: Problem[] = [
    ...(from === to
      ? [
          {
            code: 'same-place',
            message: `lot ${lot} would stay at ${from}`,
            id: lot,
            found: to,
            expected: 'another place',
          },
        ]
      : []),
    ...unknown,
    ...(evenIfBlocked ? [] : kept.map((problem) => ({ ...problem, accepted: { evenIfBlocked: true } }))),
    ...notOurs(known, take),
    ...(known.partnerPlaces?.has(to) === true
      ? [{ code: 'place-not-ours', message: `${to} is a place of another party: ship it there`, id: lot, found: to }]
      : []),
    ...(unknown.length === 0 && left.lt(value) ? [shortageOf(known, take, left)] : []),
  ];
  if (reasons.length > 0) throw refused('move-refused', `lot ${lot} cannot be moved to ${to}`, reasons);
  return [
    decided(StockMoved, at ?? now, {
      move: command.move,
      lot,
      from,
      to,
      amount: amountOf(value, dimension),
      ...(kept.length > 0 && { blocked: [...new Set(kept.map(({ code }) => code))] }),
      ...(reason !== undefined && { reason }),
      knownAt: known.position,
    }),
  ];
};
