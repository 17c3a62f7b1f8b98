import { malformed } from '#kernel';
import { positionText } from './postgres/position.js';

const DIGITS = /^\d{1,16}$/;
/** The log on EventStoreDB gives longer ones, which nobody writes by hand. */
const EVENTSTOREDB = /^\d{40}$/;

/**
 * A position as a caller writes it: digits, with or without the leading zeros that make positions comparable as text.
 * @param name the parameter it came by, e.g. `minPosition`.
 * @returns the position as the log gives it.
 * @throws LotlineError `bad-position`: malformed.
 */
export const readPosition = (value: unknown, name: string): string => {
  if (typeof value === 'string' && DIGITS.test(value)) return positionText(value);
  if (typeof value === 'string' && EVENTSTOREDB.test(value)) return value;
  throw malformed('bad-position', `${name} is not a log position`, [
    {
      code: 'bad-position',
      message: 'not a log position',
      field: `/${name}`,
      found: typeof value === 'string' ? value.slice(0, 200) : value,
      expected: 'the X-Log-Position of an earlier answer: up to 16 digits, or 40 where EventStoreDB holds the log',
    },
  ]);
};
