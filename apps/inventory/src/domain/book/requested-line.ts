import type { Problem } from '#kernel';
import type { KnownStock } from '../known-stock.js';
import { available, type AvailableOptions } from './available.js';
import { blocksOf, datesOf } from './blocks.js';
import type { Book, Take } from './book.js';
import { shortOfLife, type MinRemaining } from './remaining-life.js';
import { shortageOf } from './shortage.js';
import { isSameTarget, summed } from './take.js';

/** A take with the index of the line it answers, which problems name. */
export interface RequestedLine extends Take {
  index: number;
}

export interface TakeRule extends AvailableOptions {
  /** The day on which the lots must be good. */
  day: string;
  /** An act whose movement the record has already: its amounts are gone, and not asked for again. */
  act?: string;
  /** What each lot must have left of its life on that day. */
  minRemaining?: MinRemaining | undefined;
}

/** What is at a partner's place is known, and not ours to give. */
export const notOurs = (known: KnownStock, { lot, place }: Take): Problem[] =>
  known.lots.get(lot)?.balances.some((balance) => balance.place === place && balance.partner === true) === true
    ? [{ code: 'place-not-ours', message: `${place} is a place of another party`, id: lot, found: place }]
    : [];

/** All reasons against taking these lines together: first what blocks each lot, then what is short. */
export const reasonsAgainst = (
  book: Book,
  known: KnownStock,
  lines: readonly RequestedLine[],
  rule: TakeRule,
): Problem[] => {
  const blocked = lines.flatMap((line) =>
    [
      ...blocksOf(book, known, line.lot, rule.day),
      ...shortOfLife(line.lot, datesOf(book, known, line.lot), rule.day, rule.minRemaining),
      ...notOurs(known, line),
    ].map((problem) => ({ ...problem, index: line.index })),
  );
  const short = summed(lines).flatMap((take) => {
    const lot = known.lots.get(take.lot);
    if (!lot || (rule.act !== undefined && lot.acts.has(rule.act))) return [];
    const left = available(book, known, take, rule);
    if (left.gte(take.value)) return [];
    const index = lines.find((line) => isSameTarget(line, take))?.index;
    return [{ ...shortageOf(known, take, left), ...(index !== undefined && { index }) }];
  });
  return [...blocked, ...short];
};
