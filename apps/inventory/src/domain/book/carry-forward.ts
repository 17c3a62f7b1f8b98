import { BookCarriedForward, decided, type DataOf, type DecidedOf } from '#contracts';
import { amountOf, measure, ZERO, type Amount } from '#kernel';
import type { Inspection } from '../inspection/inspection.js';
import { emptyBook, type Allocation, type Book, type Take } from './book.js';
import { statedOf, takeOf } from './take.js';

type Carried = DataOf<typeof BookCarriedForward>;

const valueOf = ({ value, unit }: Amount): Take['value'] => measure(value, unit).value;

type StatedInspection = NonNullable<Carried['inspected']>[number];

type Explanation = Pick<Carried['allocations'][number], 'explained' | 'passedOverBesides'>;

const statedInspections = ([lot, inspections]: [string, ReadonlyMap<string, Inspection>]): StatedInspection[] =>
  [...inspections].map(([inspection, { plan, findings, decision }]) => ({
    lot,
    inspection,
    plan,
    results: [...findings].map(([characteristic, { result, values }]) => ({
      characteristic,
      result,
      values: [...values],
    })),
    ...(decision !== undefined && { decision }),
  }));

const inspectionOf = ({ plan, results, decision }: StatedInspection): Inspection => ({
  plan,
  findings: new Map(results.map(({ characteristic, result, values }) => [characteristic, { result, values }])),
  ...(decision !== undefined && { decision }),
});

/** Why these lots were chosen is said again while something is promised still: no decision needs it, and it is most of a book. */
const explanationOf = ({ open, released, explained, passedOverBesides }: Allocation): Explanation => {
  if (released || open.every(({ value }) => value.lte(ZERO))) return { explained: [] };
  return { explained: [...explained], ...(passedOverBesides !== undefined && { passedOverBesides }) };
};

/**
 * Everything the book says that a decision may need, in the order it says it: who folds on from it decides as one who read
 * all before it.
 */
export const carryForward = (book: Book, now: string): DecidedOf<typeof BookCarriedForward> =>
  decided(BookCarriedForward, now, {
    lots: [...book.lots].map(([lot, { received, quality, holds, dates }]) => ({
      lot,
      received,
      quality,
      holds: [...holds.values()],
      dates: dates.map(({ stated, position }) => ({ stated, ...(position !== undefined && { position }) })),
    })),
    allocations: [...book.allocations].map(([allocation, entry]) => ({
      allocation,
      for: entry.for,
      lines: entry.lines.map(statedOf),
      open: entry.open.map((line) => statedOf(line).amount),
      released: entry.released,
      ...explanationOf(entry),
    })),
    issues: [...book.issues].map(([reference, { attempt, lines, used, undone }]) => ({
      reference,
      attempt,
      lines: lines.map(statedOf),
      used: used.map(({ allocation, line, value }) => ({
        allocation,
        line,
        amount: amountOf(value, book.allocations.get(allocation)?.lines[line]?.dimension ?? ''),
      })),
      undone,
    })),
    receipts: [...book.receipts.values()],
    counts: [...book.counts].map(([count, { take, counted, expected }]) => ({
      count,
      lot: take.lot,
      place: take.place,
      counted: amountOf(counted, take.dimension),
      expected: amountOf(expected, take.dimension),
    })),
    scraps: [...book.scraps].map(([scrap, take]) => ({ scrap, ...statedOf(take) })),
    moves: [...book.moves].map(([move, { lot, place, dimension, value, to }]) => ({
      move,
      lot,
      from: place,
      to,
      amount: amountOf(value, dimension),
    })),
    inspections: [...book.inspections],
    ...(book.inspected.size > 0 && { inspected: [...book.inspected].flatMap(statedInspections) }),
  });

/**
 * The book as it was carried forward.
 * @param position where that was recorded; it stands for dates that were decided together with it.
 */
export const carriedBook = (data: Carried, position: string | undefined): Book => {
  const book = emptyBook();
  for (const { lot, received, quality, holds, dates } of data.lots)
    book.lots.set(lot, {
      received,
      quality,
      holds: new Map(holds.map((hold) => [hold.holdId, hold])),
      dates: dates.map((entry) => ({ stated: entry.stated, position: entry.position ?? position })),
    });
  for (const { allocation, lines, open, ...entry } of data.allocations) {
    const takes = lines.map(takeOf);
    book.allocations.set(allocation, {
      for: entry.for,
      lines: takes,
      open: takes.map((take, line) => ({ ...take, value: open[line] ? valueOf(open[line]) : take.value })),
      released: entry.released,
      explained: entry.explained,
      ...(entry.passedOverBesides !== undefined && { passedOverBesides: entry.passedOverBesides }),
    });
  }
  for (const { reference, attempt, lines, used, undone } of data.issues) {
    const takes = lines.map(takeOf);
    book.issues.set(reference, {
      attempt,
      lines: takes,
      used: used.map(({ allocation, line, amount }) => ({ allocation, line, value: valueOf(amount) })),
      undone,
    });
    for (const { lot } of takes) book.issuesOf.set(lot, (book.issuesOf.get(lot) ?? new Set()).add(reference));
  }
  for (const receipt of data.receipts) book.receipts.set(receipt.receipt, receipt);
  for (const { count, lot, place, counted, expected } of data.counts) {
    const take = takeOf({ lot, place, amount: counted });
    book.counts.set(count, { take, counted: take.value, expected: valueOf(expected) });
  }
  for (const { scrap, ...take } of data.scraps) book.scraps.set(scrap, takeOf(take));
  for (const { move, lot, from, to, amount } of data.moves ?? [])
    book.moves.set(move, { ...takeOf({ lot, place: from, amount }), to });
  for (const inspection of data.inspections) book.inspections.add(inspection);
  for (const stated of data.inspected ?? [])
    book.inspected.set(
      stated.lot,
      new Map(book.inspected.get(stated.lot)).set(stated.inspection, inspectionOf(stated)),
    );
  return book;
};

/** How many entries a book has to say. */
const sizeOf = (book: Book): number =>
  book.lots.size +
  book.allocations.size +
  book.issues.size +
  book.receipts.size +
  book.counts.size +
  book.scraps.size +
  book.moves.size +
  book.inspections.size;

/**
 * Whether it is time: after `every` events, or, of a book that has more to say, once that has doubled. So whoever reads it
 * reads about as much as there is to know, and all that is ever carried forward stays in proportion to all that happened.
 */
export const isCarriedForwardNow = (book: Book, eventsSince: number, every: number): boolean =>
  eventsSince >= every && 2 * eventsSince >= sizeOf(book);
