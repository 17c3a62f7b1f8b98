import { calendarDay } from '#kernel';
import type { LotDates } from '../happening.js';

const NAMES = ['production', 'expiry', 'bestBefore', 'retest', 'removal'] as const;

/** Stated dates as calendar days in their own offset; what names no possible day is left out and reported. */
export const datesOf = (
  stated: Readonly<Partial<Record<(typeof NAMES)[number], string | undefined>>>,
  warnings: string[] = [],
): LotDates => {
  const dates: LotDates = {};
  for (const name of NAMES) {
    const text = stated[name];
    if (text === undefined) continue;
    const day = calendarDay(text);
    if (day === undefined) warnings.push(`${name} date "${text}" is no date`);
    else dates[name] = day;
  }
  return dates;
};
