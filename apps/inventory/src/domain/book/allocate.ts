import { AllocationReleased, decided, StockAllocated } from '#contracts';
import { LotlineError, ZERO, amountOf, calendarDay, refused, type Problem } from '#kernel';
import { available } from './available.js';
import { blocksOf, datesOf } from './blocks.js';
import type { Book, BookEvent, Take } from './book.js';
import type { CommandOf } from './command.js';
import { reasonsAgainst } from './requested-line.js';
import { statedOf, takesEqual } from './take.js';
import { stockStreamOf, stockStreamOfItem } from '../stock-stream.js';

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
  const { allocation, lines, neededOn, known, now } = command;
  const before = book.allocations.get(allocation);
  if (before !== undefined) {
    if (before.released) throw givenBack(allocation);
    if (before.for === command.for && takesEqual(before.lines, lines)) return [];
    throw conflict(allocation);
  }
  const reasons = reasonsAgainst(book, known, lines, { day: neededOn });
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

interface Candidate extends Take {
  /** What the order goes by: a lot without the date comes after those that have it. */
  key: string;
  expiry: string | undefined;
}

const LAST = '9999-99-99';
const dayOr = (text: string | undefined): string => (text === undefined ? LAST : (calendarDay(text) ?? LAST));

/**
 * First expired, first out: lots that nothing blocks and that are good on the day needed, in the order of use-by,
 * best-before and production day, then lot and place, so that equal stock always gives the equal answer. They cover the
 * line together, or it is refused as a whole with what was found of each lot.
 */
export const allocateFefo = (command: CommandOf<'allocate-fefo'>, book: Book): BookEvent[] => {
  const { allocation, item, place, dimension, value, neededOn, known, now } = command;
  const before = book.allocations.get(allocation);
  if (before !== undefined) {
    const promised = before.lines.reduce(
      (sum, line) => (line.dimension === dimension ? sum.plus(line.value) : sum),
      ZERO,
    );
    if (before.released) throw givenBack(allocation);
    if (before.for === command.for && promised.eq(value)) return [];
    throw conflict(allocation);
  }

  const passedOver: Problem[] = [];
  const candidates: Candidate[] = [];
  for (const lot of known.lots.values()) {
    if (stockStreamOf(lot.lot) !== stockStreamOfItem(item)) continue;
    const at = lot.balances.filter(
      (b) =>
        b.dimension === dimension &&
        b.value.gt(ZERO) &&
        b.partner !== true &&
        (place === undefined || b.place === place),
    );
    if (at.length === 0) continue;
    const blocks = blocksOf(book, known, lot.lot, neededOn);
    if (blocks.length > 0) {
      passedOver.push(...blocks);
      continue;
    }
    const dates = datesOf(book, known, lot.lot);
    for (const b of at) {
      const target = { lot: lot.lot, place: b.place, dimension, value: ZERO };
      candidates.push({
        ...target,
        value: available(book, known, target),
        expiry: dates.expiry,
        key: [dayOr(dates.expiry), dayOr(dates.bestBefore), dayOr(dates.production), lot.lot, b.place].join('\n'),
      });
    }
  }
  candidates.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

  const lines: Take[] = [];
  const explained: { lot: string; place: string; why: string }[] = [];
  let left = value;
  for (const { lot, place: at, value: free, expiry } of candidates) {
    if (left.lte(ZERO)) break;
    const until = expiry === undefined ? 'without use-by date' : `use by ${calendarDay(expiry)}`;
    if (free.lte(ZERO)) {
      explained.push({ lot, place: at, why: `${until}; all of it is promised` });
      continue;
    }
    const taken = free.lt(left) ? free : left;
    left = left.minus(taken);
    lines.push({ lot, place: at, dimension, value: taken });
    explained.push({ lot, place: at, why: `${until}; ${amountOf(free, dimension).value} available` });
  }
  if (left.gt(ZERO)) {
    const asked = amountOf(value, dimension);
    const found = amountOf(value.minus(left), dimension);
    throw refused('allocation-refused', `the lots of ${item} do not cover ${asked.value} ${asked.unit}`, [
      {
        code: 'insufficient-stock',
        message: `${found.value} ${found.unit} of ${item} are available${place === undefined ? '' : ` at ${place}`}`,
        found,
        expected: `${asked.value} ${asked.unit}`,
      },
      ...passedOver,
    ]);
  }
  return [
    decided(StockAllocated, now, {
      allocation,
      for: command.for,
      lines: lines.map(statedOf),
      neededOn,
      explained,
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
