import { AllocationReleased, decided, StockAllocated } from '#contracts';
import { LotlineError, ZERO, refused, type Decimal, type Problem } from '#kernel';
import { availability } from './available.js';
import type { Book, BookEvent } from './book.js';
import { chooseLots, type Choice, type WantedLine } from './choose-lots.js';
import type { CommandOf } from './command.js';
import { reasonsAgainst } from './requested-line.js';
import { statedOf, takesEqual, targetOf } from './take.js';

const conflict = (allocation: string): LotlineError =>
  new LotlineError('conflict', 'allocation-exists', `allocation ${allocation} was made with other content`);

const givenBack = (allocation: string): LotlineError =>
  new LotlineError(
    'conflict',
    'allocation-released',
    `allocation ${allocation} was given back; a new one needs an id of its own`,
  );

/** Promises exactly these lots, all of them or none. */
export const allocate = (command: CommandOf<'allocate'>, book: Book): BookEvent[] => {
  const { allocation, lines, neededOn, minRemaining, known, now } = command;
  const before = book.allocations.get(allocation);
  if (before !== undefined) {
    if (before.released) throw givenBack(allocation);
    if (before.for === command.for && takesEqual(before.lines, lines)) return [];
    throw conflict(allocation);
  }
  const reasons = reasonsAgainst(book, known, lines, { day: neededOn, minRemaining });
  if (reasons.length > 0) throw refused('allocation-refused', `allocation ${allocation} is not possible`, reasons);
  return [
    decided(StockAllocated, now, {
      allocation,
      for: command.for,
      lines: lines.map(statedOf),
      neededOn,
      knownAt: known.position,
    }),
  ];
};

/** Lines that may go to one place only choose before others, and whole lots before parts, so that none takes what only it could have. */
const inOrderOfChoice = (lines: readonly WantedLine[]): WantedLine[] =>
  [...lines].sort(
    (a, b) =>
      Number(a.place === undefined) - Number(b.place === undefined) ||
      Number(a.split) - Number(b.split) ||
      a.index - b.index,
  );

const sumsOf = (lines: readonly { dimension: string; value: Decimal }[]): Map<string, Decimal> => {
  const sums = new Map<string, Decimal>();
  for (const { dimension, value } of lines) sums.set(dimension, (sums.get(dimension) ?? ZERO).plus(value));
  return sums;
};

/**
 * First expired, first out: every line is covered, or all of it is refused with the reasons of every line that is not. What one
 * line takes, the next does not find.
 */
export const allocateFefo = (command: CommandOf<'allocate-fefo'>, book: Book): BookEvent[] => {
  const { allocation, wanted, neededOn, known, now } = command;
  const before = book.allocations.get(allocation);
  if (before !== undefined) {
    if (before.released) throw givenBack(allocation);
    const [promised, asked] = [sumsOf(before.lines), sumsOf(wanted)];
    if (
      before.for === command.for &&
      promised.size === asked.size &&
      [...asked].every(([dimension, value]) => promised.get(dimension)?.eq(value) === true)
    )
      return [];
    throw conflict(allocation);
  }

  const at = { book, known, available: availability(book, known), day: neededOn, today: now.slice(0, 10) };
  const taken = new Map<string, Decimal>();
  const choices = new Map<number, Choice>();
  const problems: Problem[] = [];
  for (const line of inOrderOfChoice(wanted)) {
    const choice = chooseLots(line, at, taken);
    if ('problems' in choice) {
      problems.push(...choice.problems);
      continue;
    }
    choices.set(line.index, choice);
    for (const take of choice.lines) taken.set(targetOf(take), (taken.get(targetOf(take)) ?? ZERO).plus(take.value));
  }
  if (problems.length > 0)
    throw refused(
      'allocation-refused',
      `allocation ${allocation} is not possible`,
      problems.sort((a, b) => (a.index ?? 0) - (b.index ?? 0)),
    );
  const made = [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice);
  const passedOverBesides = made.reduce((sum, choice) => sum + choice.passedOverBesides, 0);
  return [
    decided(StockAllocated, now, {
      allocation,
      for: command.for,
      lines: made.flatMap((choice) => choice.lines.map(statedOf)),
      neededOn,
      explained: made.flatMap((choice) => choice.explained),
      ...(passedOverBesides > 0 && { passedOverBesides }),
      knownAt: known.position,
    }),
  ];
};

const released = (allocation: string, reason: string | undefined, now: string): BookEvent =>
  decided(AllocationReleased, now, { allocation, ...(reason !== undefined && { reason }) });

/** Gives back what is left of it. Giving it back again changes nothing. */
export const releaseAllocation = (
  { allocation, reason, now }: CommandOf<'release-allocation'>,
  book: Book,
): BookEvent[] => {
  const before = book.allocations.get(allocation);
  if (!before) throw new LotlineError('not-found', 'allocation-unknown', `there is no allocation ${allocation}`);
  return before.released ? [] : [released(allocation, reason, now)];
};

export const releasePromises = (command: CommandOf<'release-promises'>, book: Book): BookEvent[] =>
  [...book.allocations].flatMap(([id, allocation]) =>
    allocation.for === command.for && !allocation.released ? [released(id, command.reason, command.now)] : [],
  );
