import { ZERO, type Decimal } from '#kernel';
import { balanceOf, type KnownStock } from '../known-stock.js';
import type { Book, Take } from './book.js';
import { isSameTarget } from './take.js';

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
