import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calendarDay, instant } from './time.js';

describe('instant', () => {
  it.each([
    ['2022-01-29T11:12:04.4880000+00:00', '2022-01-29T11:12:04.488', '2022-01-29'],
    ['2022-02-03T00:30:00+02:00', '2022-02-02T22:30:00', '2022-02-03'],
    ['2022-02-03T23:30:00-0500', '2022-02-04T04:30:00', '2022-02-03'],
    ['2024-02-29T24:00:00Z', '2024-03-01T00:00:00', '2024-03-01'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00', '2017-01-01'],
    ['2022-02-03T10:00Z', '2022-02-03T10:00:00', '2022-02-03'],
    ['2022-02-03T10:00:00,123456789012345Z', '2022-02-03T10:00:00.123456789012345', '2022-02-03'],
    ['0022-02-03T10:00:00Z', '0022-02-03T10:00:00', '0022-02-03'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999', '9999-12-31'],
  ])('reads %s', (text, key, day) => expect(instant(text)).toEqual({ text, key, day }));

  it.each([
    '2022-02-29T00:00:00Z',
    '2022-13-01T00:00:00Z',
    '2022-00-10T00:00:00Z',
    '2022-01-32T00:00:00Z',
    '2022-01-01T25:00:00Z',
    '2022-01-01T24:00:01Z',
    '2022-01-01T10:60:00Z',
    '2022-01-01T10:00:61Z',
    '2022-01-01T10:00:00+14:01',
    '2022-01-01T10:00:00+02:60',
    '2022-01-01T10:00:00',
    '2022-01-01',
    '2022-1-1T10:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00Z',
    'yesterday',
    '',
  ])('finds no moment in "%s"', (text) => expect(instant(text)).toBeUndefined());

  it('takes the day in the offset that is written apart', () => {
    expect(instant('2022-02-03T23:30:00Z', '+01:00')?.day).toBe('2022-02-04');
    expect(instant('2022-02-03T23:30:00Z', 'somewhere')?.day).toBe('2022-02-03');
  });

  it('orders any two moments by their keys, whatever their offsets', () => {
    const moment = fc.record({
      ms: fc.integer({ min: Date.UTC(1970), max: Date.UTC(2100) }),
      offset: fc.integer({ min: -14 * 60, max: 14 * 60 }),
    });
    const written = ({ ms, offset }: { ms: number; offset: number }): string => {
      const size = Math.abs(offset);
      const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
      return new Date(ms + offset * 60_000).toISOString().replace('Z', zone);
    };
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [x, y] = [instant(written(a)), instant(written(b))];
        expect(x!.key < y!.key).toBe(a.ms < b.ms);
        expect(x!.key === y!.key).toBe(a.ms === b.ms);
        expect(x!.day).toBe(written(a).slice(0, 10));
      }),
    );
  });
});

describe('calendarDay', () => {
  it.each([
    ['2022-02-03', '2022-02-03'],
    ['2022-02-03T03:00:00.0000000+00:00', '2022-02-03'],
    ['2022-02-03T00:30:00+02:00', '2022-02-03'],
    ['2022-02-03T03:00:00', '2022-02-03'],
    ['2024-02-29', '2024-02-29'],
    ['260510', '2026-05-10'],
    ['991231', '2099-12-31'],
  ])('reads %s', (text, day) => expect(calendarDay(text)).toBe(day));

  it.each([
    '2022-02-29',
    '2022-13-01',
    '2022-02',
    '20220203',
    '2022-02-30T03:00:00',
    '261300',
    '260231',
    '2022-00-00',
    '000000',
    'soon',
    '',
  ])('finds no day in "%s"', (text) => expect(calendarDay(text)).toBeUndefined());

  it.each([
    ['240200', '2024-02-29'],
    ['250200', '2025-02-28'],
    ['000200', '2000-02-29'],
    ['260400', '2026-04-30'],
    ['261200', '2026-12-31'],
    ['2024-02-00', '2024-02-29'],
  ])('reads day 00 of %s as the last day of its month', (text, day) => expect(calendarDay(text)).toBe(day));

  it('has for day 00 of every month a day whose next one is the first of the next month', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const [yy, mm] = [year, month].map((n) => String(n).padStart(2, '0'));
        const next = new Date(Date.parse(`${calendarDay(`${yy}${mm}00`)}T00:00:00Z`) + 86_400_000);
        expect([next.getUTCDate(), next.getUTCMonth()]).toEqual([1, month % 12]);
      }),
    );
  });
});
