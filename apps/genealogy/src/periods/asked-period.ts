import { calendarDay, malformed, type Problem } from '#kernel';
import type { Period } from './site-windows.js';

const missing = (field: 'from' | 'to'): Problem => ({
  code: 'day-missing',
  message: `a period needs its ${field === 'from' ? 'first' : 'last'} day`,
  field: `/${field}`,
  found: null,
  expected: 'a day (2026-01-31)',
});

/**
 * The days a caller asks for.
 * @throws LotlineError `invalid-request` (400): `day-missing`, `period-reversed`.
 */
export const periodAsked = ({ from, to }: { from?: string | undefined; to?: string | undefined }): Period => {
  const [first, last] = [calendarDay(from ?? ''), calendarDay(to ?? '')];
  if (first === undefined || last === undefined)
    throw malformed('invalid-request', 'a period needs its first and its last day', [
      ...(first === undefined ? [missing('from')] : []),
      ...(last === undefined ? [missing('to')] : []),
    ]);
  if (last < first)
    throw malformed('invalid-request', 'the period ends before it begins', [
      {
        code: 'period-reversed',
        message: 'the period ends before it begins',
        field: '/to',
        found: last,
        expected: `${first} or later`,
      },
    ]);
  return { from: first, to: last };
};
