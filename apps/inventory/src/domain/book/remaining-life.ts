import { calendarDay, decimal, type Decimal, type Problem } from '#kernel';
import type { LotDates } from '#traceability';

/** What a customer wants left of a lot's life on the day it is needed; of both, both. */
export interface MinRemaining {
  days?: number | undefined;
  /** Of the whole life from production on: 0.66 of it. */
  share?: Decimal | undefined;
}

const DAY_MS = 86_400_000;
const FIRST_DAY = '0001-01-01';
const LAST_DAY = '9999-12-31';

export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** A day beyond the calendar is its first or last. */
const plusDays = (day: string, days: number): string => {
  const ms = Date.parse(day) + days * DAY_MS;
  if (ms <= Date.parse(FIRST_DAY)) return FIRST_DAY;
  return ms >= Date.parse(LAST_DAY) ? LAST_DAY : new Date(ms).toISOString().slice(0, 10);
};

const dayOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : calendarDay(text));

/** The day its life ends: the earlier of use-by and best-before, which is what a customer counts to. */
export const endOfLife = (dates: LotDates): string | undefined =>
  [dayOf(dates.expiry), dayOf(dates.bestBefore)].filter((day) => day !== undefined).sort()[0];

/** How many days are asked of this lot; undefined where its dates do not tell. */
export const daysAsked = (dates: LotDates, { days = 0, share }: MinRemaining): number | undefined => {
  const end = endOfLife(dates);
  if (end === undefined) return undefined;
  if (share === undefined) return days;
  const made = dayOf(dates.production);
  if (made === undefined) return undefined;
  // Days are whole: two thirds of 10 days are 7.
  const ofLife = Math.max(0, Number(decimal(daysBetween(made, end)).times(share).round(0, 3).toFixed()));
  return Math.max(days, ofLife);
};

/**
 * The last day on which the lot may be needed: good, not to be tested again before, and with as much life left as is asked.
 * Undefined: on any, or not to be told.
 */
export const lastDayFor = (dates: LotDates, min: MinRemaining | undefined): string | undefined => {
  const end = endOfLife(dates);
  const asked = min === undefined ? undefined : daysAsked(dates, min);
  const withLife = end === undefined || asked === undefined ? undefined : plusDays(end, -asked);
  return [dayOf(dates.expiry), dayOf(dates.retest), withLife].filter((day) => day !== undefined).sort()[0];
};

/** Why a lot does not have the life asked on that day: `life-too-short`, or `life-unknown` where its dates do not tell. */
export const shortOfLife = (lot: string, dates: LotDates, day: string, min: MinRemaining | undefined): Problem[] => {
  if (min === undefined || (min.days === undefined && min.share === undefined)) return [];
  const end = endOfLife(dates);
  const asked = daysAsked(dates, min);
  if (end === undefined || asked === undefined)
    return [
      {
        code: 'life-unknown',
        message: `lot ${lot} has no ${end === undefined ? 'use-by or best-before' : 'production'} date to tell its life by`,
        id: lot,
        found: dates,
        expected: end === undefined ? 'a use-by or best-before date' : 'a production date',
      },
    ];
  const left = daysBetween(day, end);
  if (left >= asked) return [];
  return [
    {
      code: 'life-too-short',
      message: `${left} days left of lot ${lot} on ${day}, ${asked} asked`,
      id: lot,
      found: { days: left, until: end },
      expected: `${asked} days or more`,
      accepted: { neededOn: plusDays(end, -asked) },
    },
  ];
};
