/**
 * A point in time at the precision it was written with. `key` orders any two instants by plain string comparison
 * (UTC, no zone mark, fraction without trailing zeros); `day` is the calendar day in the offset it was written in.
 */
export interface Instant {
  text: string;
  key: string;
  day: string;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|z|[+-]\d{2}:?\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
/** How GS1 writes a day (AI 11, 15, 16, 17 …): of the years 2000 to 2099. */
const GS1_DAY = /^(\d{2})(\d{2})(\d{2})$/;

/** Unlike Date.UTC, which takes the years 0 to 99 for those of the 20th century. */
const utcMs = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number =>
  new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000;

const daysInMonth = (year: number, month: number): number => new Date(utcMs(year, month + 1, 0)).getUTCDate();

const offsetMinutes = (zone: string): number | undefined => {
  if (zone === 'Z' || zone === 'z') return 0;
  if (!/^[+-]\d{2}:?\d{2}$/.test(zone)) return undefined;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
};

const FIRST = utcMs(1, 1, 1);
const LAST = utcMs(9999, 12, 31, 23, 59, 59);

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Reads an RFC 3339 / ISO 8601 date-time with an offset, to any number of fraction digits.
 * @param localOffset the offset whose calendar day counts, where it is written apart (EPCIS eventTimeZoneOffset).
 * @returns undefined where the text is no such date-time or names an impossible day.
 */
export const instant = (text: string, localOffset?: string): Instant | undefined => {
  const m = ISO.exec(text);
  if (!m) return undefined;
  const [year, month, dayOfMonth, hour, minute, second] = [m[1], m[2], m[3], m[4], m[5], m[6] ?? '0'].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offset = offsetMinutes(m[8] ?? 'Z');
  if (offset === undefined || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month))
    return undefined;
  // 24:00:00 is written by some systems for midnight; a leap second is the second after.
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && (minute > 0 || second > 0))) return undefined;
  const utc = utcMs(year, month, dayOfMonth, hour, minute, second) - offset * 60_000;
  const fraction = (m[7] ?? '').replace(/0+$/, '');
  const local = utc + (localOffset === undefined ? offset : (offsetMinutes(localOffset) ?? offset)) * 60_000;
  // Beyond four digits of the year keys and days would no longer order as text.
  if (Math.min(utc, local) < FIRST || Math.max(utc, local) > LAST) return undefined;
  return {
    text,
    key: iso(utc).slice(0, 19) + (fraction ? `.${fraction}` : ''),
    day: iso(local).slice(0, 10),
  };
};

/** A date-time without an offset still names its day. */
const WITHOUT_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?$/;

/** Day 00 is what GS1 writes for the last day of the month (General Specifications 3.4.2 and on). */
const dayOf = (year: number, month: number, day: number): string | undefined => {
  if (month < 1 || month > 12 || day > daysInMonth(year, month)) return undefined;
  return iso(utcMs(year, month, day === 0 ? daysInMonth(year, month) : day)).slice(0, 10);
};

/**
 * The calendar day of a date or date-time as written, in its own offset ("2022-02-03T03:00:00+02:00" is 2022-02-03), or as
 * GS1 writes it ("260200" and "2026-02-00" are 2026-02-28).
 * @returns undefined where the text names no possible day.
 */
export const calendarDay = (text: string): string | undefined => {
  if (WITHOUT_OFFSET.test(text)) return instant(`${text}Z`)?.day;
  const m = DAY.exec(text);
  if (m) return dayOf(Number(m[1]), Number(m[2]), Number(m[3]));
  const gs1 = GS1_DAY.exec(text);
  if (gs1) return dayOf(2000 + Number(gs1[1]), Number(gs1[2]), Number(gs1[3]));
  return instant(text)?.day;
};

/** Where "now" comes from, so that tests decide what time it is. */
export type Clock = () => Date;
export const systemClock: Clock = () => new Date();
