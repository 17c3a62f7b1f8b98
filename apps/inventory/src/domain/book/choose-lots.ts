import type { LookedAt } from '#contracts';
import { ZERO, amountOf, calendarDay, decimalText, type Decimal, type Problem } from '#kernel';
import type { LotDates } from '#traceability';
import type { KnownStock } from '../known-stock.js';
import { stockStreamOf, stockStreamOfItem } from '../stock-stream.js';
import type { availability } from './available.js';
import { blocksOf, datesOf } from './blocks.js';
import type { Book, Take } from './book.js';
import { daysAsked, daysBetween, endOfLife, lastDayFor, shortOfLife, type MinRemaining } from './remaining-life.js';
import { statedOf, targetOf } from './take.js';
import { wholeLots } from './whole-lots.js';

/** One line of what somebody wants of an item: any of its lots will do that keep what is asked. */
export interface WantedLine {
  index: number;
  item: string;
  dimension: string;
  value: Decimal;
  /** From this place only. */
  place?: string | undefined;
  /** From this place first, by FEFO; what lacks from elsewhere. */
  preferredPlace?: string | undefined;
  minRemaining?: MinRemaining | undefined;
  /** False: a lot is taken whole (all of it that is at the place) or not at all. */
  split: boolean;
}

export interface Choice {
  lines: Take[];
  explained: LookedAt[];
  /** Lots passed over that `explained` does not list. */
  passedOverBesides: number;
}

export interface Circumstance {
  book: Book;
  known: KnownStock;
  /** What may still be promised, by what stood before this decision. */
  available: ReturnType<typeof availability>;
  /** The day on which the lots must be good. */
  day: string;
  /** The day of the decision: no answer names an earlier one. */
  today: string;
}

interface Candidate extends Take {
  key: string;
  dates: LotDates;
  /** What is there, promised or not; `value` is what is free of it. */
  onHand: Decimal;
  /** Why it is not taken whatever its amount. */
  blocks: Problem[];
}

/** An event tells of at most so many lots that were passed over for a line. */
const MOST_TOLD = 50;

const LAST = '9999-99-99';
const dayOr = (text: string | undefined): string => (text === undefined ? LAST : (calendarDay(text) ?? LAST));

/**
 * All that is there of the item, in the one order in which it is looked at: the preferred place first, then by use-by,
 * best-before and production day (a lot without the date comes after those that have it), then lot and place, so that
 * equal stock always gives the equal answer.
 */
const candidatesFor = (wanted: WantedLine, at: Circumstance, taken: ReadonlyMap<string, Decimal>): Candidate[] => {
  const { book, known, available, day } = at;
  const { item, dimension, place, preferredPlace, minRemaining } = wanted;
  const candidates: Candidate[] = [];
  for (const { lot, balances } of known.lots.values()) {
    if (stockStreamOf(lot) !== stockStreamOfItem(item)) continue;
    const here = balances.filter(
      (b) =>
        b.dimension === dimension &&
        b.value.gt(ZERO) &&
        b.partner !== true &&
        (place === undefined || b.place === place),
    );
    if (here.length === 0) continue;
    const dates = datesOf(book, known, lot);
    const blocks = [...blocksOf(book, known, lot, day), ...shortOfLife(lot, dates, day, minRemaining)];
    for (const b of here) {
      const target = { lot, place: b.place, dimension, value: ZERO };
      candidates.push({
        ...target,
        value: available(target).minus(taken.get(targetOf(target)) ?? ZERO),
        onHand: b.value,
        dates,
        blocks,
        key: [
          b.place === preferredPlace ? '0' : '1',
          ...[dayOr(dates.expiry), dayOr(dates.bestBefore), dayOr(dates.production), lot, b.place],
        ].join('\n'),
      });
    }
  }
  return candidates.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
};

const untilOf = ({ expiry, bestBefore }: LotDates): string =>
  expiry !== undefined
    ? `use by ${calendarDay(expiry)}`
    : bestBefore !== undefined
      ? `best before ${calendarDay(bestBefore)}, without use-by date`
      : 'without use-by date';

const lifeText = (dates: LotDates, day: string, min: MinRemaining | undefined): string => {
  const [end, asked] = [endOfLife(dates), min && daysAsked(dates, min)];
  return end === undefined || asked === undefined ? '' : `; ${daysBetween(day, end)} days left, ${asked} asked`;
};

/** Nothing, or not all, of it is free: it was promised to others, or an earlier line takes it. */
const promised = ({ lot, place, dimension, value, onHand }: Candidate, index: number): Problem => ({
  code: 'lot-promised',
  message: `of lot ${lot} at ${place}, ${amountOf(onHand.minus(value), dimension).value} of ${decimalText(onHand)} are promised already`,
  id: lot,
  index,
  found: amountOf(onHand.minus(value), dimension),
});

/** Which of the lots that nothing blocks are taken, how much of each, by their place among them. */
const amountsOf = (
  free: readonly Candidate[],
  wanted: WantedLine,
): { taken: Decimal[]; whole?: ReturnType<typeof wholeLots> } => {
  if (wanted.split) {
    let left = wanted.value;
    return {
      taken: free.map(({ value }) => {
        const part = value.lte(ZERO) ? ZERO : value.lt(left) ? value : left;
        left = left.minus(part);
        return part;
      }),
    };
  }
  const unpromised = free.filter(({ value, onHand }) => value.eq(onHand));
  const whole = wholeLots(
    unpromised.map(({ value }) => value),
    wanted.value,
  );
  const chosen = new Set((whole.chosen ?? []).map((i) => unpromised[i]));
  return { taken: free.map((candidate) => (chosen.has(candidate) ? candidate.value : ZERO)), whole };
};

/**
 * First expired, first out for one line: lots that nothing blocks, that are good on the day needed and have the life asked
 * left. They cover the line together, or it is refused with what was found of each lot and what would be accepted.
 * @param before what earlier lines of the same decision took, by target.
 */
export const chooseLots = (
  wanted: WantedLine,
  at: Circumstance,
  before: ReadonlyMap<string, Decimal>,
): Choice | { problems: Problem[] } => {
  const candidates = candidatesFor(wanted, at, before);
  const free = candidates.filter(({ blocks }) => blocks.length === 0);
  const { taken, whole } = amountsOf(free, wanted);
  const sum = taken.reduce((total, part) => total.plus(part), ZERO);
  if (sum.lt(wanted.value)) return { problems: refusal(wanted, at, candidates, sum, whole) };

  const { index: line, minRemaining } = wanted;
  const amount = new Map(free.map((candidate, i) => [candidate, taken[i] ?? ZERO]));
  const lines: Take[] = [];
  const explained: LookedAt[] = [];
  let [left, told, passedOverBesides] = [wanted.value, 0, 0];
  for (const candidate of candidates) {
    if (left.lte(ZERO)) break;
    const { lot, place, dimension, dates, onHand, blocks } = candidate;
    const part = amount.get(candidate) ?? ZERO;
    if (part.gt(ZERO)) {
      const take = { lot, place, dimension, value: part };
      lines.push(take);
      left = left.minus(part);
      const why = `${untilOf(dates)}; ${decimalText(candidate.value)} available${lifeText(dates, at.day, minRemaining)}`;
      explained.push({ lot, place, why, line, outcome: 'taken', amount: statedOf(take).amount });
      continue;
    }
    if (told++ >= MOST_TOLD) {
      passedOverBesides++;
      continue;
    }
    const [block] = blocks;
    const [code, why] =
      block !== undefined
        ? [block.code, blocks.map(({ message }) => message).join('; ')]
        : candidate.value.lte(ZERO)
          ? ['lot-promised', 'all of it is promised']
          : candidate.value.lt(onHand)
            ? ['lot-promised', `${decimalText(onHand.minus(candidate.value))} of it are promised, whole lots asked`]
            : ['lot-does-not-fit', `${decimalText(onHand)} of it would be more than is left, whole lots asked`];
    explained.push({ lot, place, why: `${untilOf(dates)}; ${why}`, line, outcome: 'passed-over', code });
  }
  return { lines, explained, passedOverBesides };
};

/** Only the day keeps it from being taken. */
const DATED: ReadonlySet<string> = new Set(['lot-expired', 'lot-retest-due', 'life-too-short']);

/** The last day on which what is there would cover the line, not before today. */
const latestDay = (
  wanted: WantedLine,
  { today }: Circumstance,
  candidates: readonly Candidate[],
): string | undefined => {
  if (!wanted.split) return undefined;
  const lots = candidates.flatMap(({ value, dates, blocks }) => {
    if (value.lte(ZERO) || !blocks.every(({ code }) => DATED.has(code))) return [];
    return [{ value, until: lastDayFor(dates, wanted.minRemaining) ?? LAST }];
  });
  let sum = ZERO;
  for (const { value, until } of lots.sort((a, b) => (a.until < b.until ? 1 : a.until > b.until ? -1 : 0))) {
    sum = sum.plus(value);
    if (sum.gte(wanted.value)) return until >= today && until !== LAST ? until : undefined;
  }
  return undefined;
};

/** Why the line is not covered, with what would be accepted, then what was found of each lot that was passed over. */
const refusal = (
  wanted: WantedLine,
  at: Circumstance,
  candidates: readonly Candidate[],
  covered: Decimal,
  whole: ReturnType<typeof wholeLots> | undefined,
): Problem[] => {
  const { index, item, dimension, place, value } = wanted;
  const asked = amountOf(value, dimension);
  const found = amountOf(whole?.below ?? covered, dimension);
  const neededOn = latestDay(wanted, at, candidates);
  const wholeOnly = whole === undefined ? '' : ' as whole lots';
  const told = new Set<string>();
  const isNew = (lot: string): boolean => !told.has(lot) && told.add(lot).size > 0;
  return [
    {
      code: 'insufficient-stock',
      message:
        `${found.value} ${found.unit} of ${item} are available${place === undefined ? '' : ` at ${place}`}${wholeOnly}` +
        (whole?.lookedAt === undefined ? '' : `, as far as sums of the first ${whole.lookedAt} lots were looked at`),
      id: item,
      index,
      found,
      expected: `${asked.value} ${asked.unit}`,
      accepted: {
        ...(found.value !== '0' && { amount: found }),
        ...(whole?.above !== undefined && { wholeLotsAbove: amountOf(whole.above, dimension) }),
        ...(neededOn !== undefined && { neededOn }),
      },
    },
    ...candidates.flatMap((candidate) =>
      candidate.blocks.length > 0
        ? isNew(candidate.lot)
          ? candidate.blocks.map((problem) => ({ ...problem, index }))
          : []
        : candidate.value.lt(candidate.onHand)
          ? [promised(candidate, index)]
          : [],
    ),
  ];
};
