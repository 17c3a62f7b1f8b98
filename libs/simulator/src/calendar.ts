export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

/** The plant's clocks stand two hours before UTC all year; a day of a date is a day of these clocks. */
const AHEAD = 2 * HOUR;
export const OFFSET = '+02:00';

/** When day 0 of every simulation begins, by the plant's clocks. */
const FIRST_MIDNIGHT = Date.UTC(2026, 0, 5) - AHEAD;

/** @returns the moment a day begins, in milliseconds since 1970. */
export const midnight = (day: number): number => FIRST_MIDNIGHT + day * DAY;

/** @param at in milliseconds since 1970. @returns the day of the simulation. */
export const dayOf = (at: number): number => Math.floor((at - FIRST_MIDNIGHT) / DAY);

const NUMBERS = Array.from({ length: 1000 }, (_, n) => String(n));
const two = (n: number): string => (n < 10 ? '0' : '') + (NUMBERS[n] ?? '');
const three = (n: number): string => (n < 100 ? '0' : '') + two(n);

/** Millions of events share a few hundred days. */
const days = new Map<number, string>();

/** An ISO 8601 calendar day. @param day of the simulation. */
export const dayText = (day: number): string => {
  const known = days.get(day);
  if (known !== undefined) return known;
  const text = new Date(FIRST_MIDNIGHT + AHEAD + day * DAY).toISOString().slice(0, 10);
  days.set(day, text);
  return text;
};

/** An ISO 8601 moment by the plant's clocks. @param at whole milliseconds since 1970. */
export const momentText = (at: number): string => {
  const day = dayOf(at);
  const time = at - midnight(day);
  const [hour, minute] = [Math.floor(time / HOUR), Math.floor((time % HOUR) / MINUTE)];
  const [second, thousandth] = [Math.floor((time % MINUTE) / 1000), time % 1000];
  return `${dayText(day)}T${two(hour)}:${two(minute)}:${two(second)}.${three(thousandth)}${OFFSET}`;
};
