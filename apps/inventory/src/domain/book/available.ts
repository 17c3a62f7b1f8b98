import { ZERO, type Decimal } from '#kernel';
import { balanceOf, type KnownStock } from '../known-stock.js';
import type { Book, Take } from './book.js';
import { isSameTarget, targetOf } from './take.js';

const sumOf = (takes: readonly Take[], target: Take): Decimal =>
  takes.reduce((sum, take) => (isSameTarget(take, target) ? sum.plus(take.value) : sum), ZERO);

export interface AvailableOptions {
  /** Allocations that the asker owns: what they hold is available to it. */
  own?: readonly string[];
  /** An issue that is about to be replaced. */
  replacing?: string;
}

/**
 * What may still be promised of a lot at a place: known stock, less what the book gave out and the facts do not show yet,
 * less what it promised. An act whose movement of the lot is known already is counted there, not here. What was received,
 * moved there or found in a count after known stock was taken is not counted until it is known: never promise what may not
 * be there.
 */
export const available = (book: Book, known: KnownStock, target: Take, options: AvailableOptions = {}): Decimal => {
  const lot = known.lots.get(target.lot);
  const applied = (act: string): boolean => lot?.acts.has(act) ?? false;
  let left = balanceOf(lot, target.place, target.dimension) ?? ZERO;
  for (const reference of book.issuesOf.get(target.lot) ?? []) {
    const issue = book.issues.get(reference);
    if (issue && !issue.undone && reference !== options.replacing && !applied(reference))
      left = left.minus(sumOf(issue.lines, target));
  }
  for (const [id, allocation] of book.allocations)
    if (!allocation.released && !options.own?.includes(id)) left = left.minus(sumOf(allocation.open, target));
  if (options.replacing !== undefined) {
    // Replacing an issue gives its allocations back before the new one draws on them.
    const replaced = book.issues.get(options.replacing);
    for (const { allocation, line, value } of replaced?.undone === false ? replaced.used : []) {
      const entry = book.allocations.get(allocation);
      const open = entry?.open[line];
      if (entry && open && !entry.released && !options.own?.includes(allocation) && isSameTarget(open, target))
        left = left.minus(value);
    }
  }
  for (const [scrap, take] of book.scraps)
    if (!applied(`scrap:${scrap}`) && isSameTarget(take, target)) left = left.minus(take.value);
  for (const [move, take] of book.moves)
    if (isSameTarget(take, target) && !applied(`move:${move}`)) left = left.minus(take.value);
  for (const [count, { take, counted, expected }] of book.counts)
    if (!applied(`count:${count}`) && isSameTarget(take, target) && counted.lt(expected))
      left = left.minus(expected.minus(counted));
  return left;
};

/**
 * The same for a decision that looks at many lots: what stands is added up once, not again for each of them.
 * @returns what may still be promised of a target.
 */
export const availability = (book: Book, known: KnownStock): ((target: Take) => Decimal) => {
  const given = new Map<string, Decimal>();
  const give = (take: Take, value: Decimal, act?: string): void => {
    if (act !== undefined && known.lots.get(take.lot)?.acts.has(act) === true) return;
    const key = targetOf(take);
    given.set(key, (given.get(key) ?? ZERO).plus(value));
  };
  for (const { released, open } of book.allocations.values())
    if (!released) for (const line of open) if (line.value.gt(ZERO)) give(line, line.value);
  for (const [scrap, take] of book.scraps) give(take, take.value, `scrap:${scrap}`);
  for (const [move, take] of book.moves) give(take, take.value, `move:${move}`);
  for (const [count, { take, counted, expected }] of book.counts)
    if (counted.lt(expected)) give(take, expected.minus(counted), `count:${count}`);
  return (target) => {
    const lot = known.lots.get(target.lot);
    let left = (balanceOf(lot, target.place, target.dimension) ?? ZERO).minus(given.get(targetOf(target)) ?? ZERO);
    for (const reference of book.issuesOf.get(target.lot) ?? []) {
      const issue = book.issues.get(reference);
      if (issue && !issue.undone && lot?.acts.has(reference) !== true) left = left.minus(sumOf(issue.lines, target));
    }
    return left;
  };
};
