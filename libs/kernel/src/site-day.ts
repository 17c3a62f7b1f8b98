const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one is dear, asking it is not. */
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format;
};

/** Whether the text is the name of a time zone that this machine knows. */
export const isTimeZone = (text: string): boolean => {
  try {
    formatOf(text);
    return true;
  } catch {
    return false;
  }
};

/** @returns the calendar day (`2026-05-10`) it is in that zone. @throws RangeError for a zone that is none. */
export const dayIn = (timeZone: string, at: Date): string => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`;
};

/** No two days are further apart: zones have moved by a whole day over the date line, and clocks by an hour. */
const LONGEST_DAY_MS = 50 * 3_600_000;

/** @returns the first millisecond at which it is another day in that zone, whatever its clocks do in between. */
export const nextDayIn = (timeZone: string, at: Date): Date => {
  const today = dayIn(timeZone, at);
  let before = at.getTime();
  let after = before + LONGEST_DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(timeZone, new Date(middle)) === today) before = middle;
    else after = middle;
  }
  return new Date(after);
};

const DAY_MS = 86_400_000;

/** @returns days from one calendar day to another; negative where it lies before. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/**
 * @returns the first millisecond of that calendar day in that zone; of a day that never was there, of the next one.
 * @param day `2026-05-10`.
 */
export const dayBegins = (timeZone: string, day: string): Date => {
  const noon = Date.parse(`${day}T12:00:00Z`);
  let before = noon - LONGEST_DAY_MS;
  let after = noon + LONGEST_DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(timeZone, new Date(middle)) < day) before = middle;
    else after = middle;
  }
  return new Date(after);
};
