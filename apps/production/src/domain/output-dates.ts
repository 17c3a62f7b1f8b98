import type { TransformationStatement } from '#contracts';
import { calendarDay } from '#kernel';
import { itemOfLot, type Items } from './statement-rules.js';

const DAY_MS = 86_400_000;

const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * Dates that follow from the items' shelf-life rules where the caller gave none: made on the day it
 * happened, and of a fixed shelf life so many days after production. Inherited dates follow from the inputs wherever they
 * are read, so that a changed input date changes them.
 */
export const withDates = (
  statement: TransformationStatement,
  eventTime: string,
  items: Items,
): TransformationStatement => ({
  ...statement,
  outputs: statement.outputs.map((output) => {
    const production = output.dates?.production ?? calendarDay(eventTime);
    const shelfLife = itemOfLot(output.lot, items)?.shelfLife;
    const madeOn = production === undefined ? undefined : calendarDay(production);
    const expiry =
      output.dates?.expiry ??
      (shelfLife?.rule === 'fixed' && madeOn !== undefined && output.role !== 'waste'
        ? plusDays(madeOn, shelfLife.days)
        : undefined);
    return {
      ...output,
      dates: {
        ...output.dates,
        ...(production !== undefined && { production }),
        ...(expiry !== undefined && { expiry }),
      },
    };
  }),
});
