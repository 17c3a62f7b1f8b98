import { describe, expect, it } from '@jest/globals';
import { dayBegins, dayIn, daysBetween, isTimeZone, nextDayIn } from './site-day.js';

describe('the day of a site', () => {
  it.each([
    ['UTC', '2026-05-10T23:59:59.999Z', '2026-05-10', '2026-05-11T00:00:00.000Z'],
    ['Pacific/Auckland', '2026-05-10T12:00:00Z', '2026-05-11', '2026-05-11T12:00:00.000Z'],
    ['America/Los_Angeles', '2026-05-10T06:59:00Z', '2026-05-09', '2026-05-10T07:00:00.000Z'],
    ['Asia/Kathmandu', '2026-05-10T18:14:00Z', '2026-05-10', '2026-05-10T18:15:00.000Z'],
    // Clocks go forward: the day has 23 hours; back: 25.
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
    // The clock jumps from 23:59 to 01:00: the day begins without a midnight.
    ['America/Sao_Paulo', '2017-10-15T02:00:00Z', '2017-10-14', '2017-10-15T03:00:00.000Z'],
    // 30 December 2011 never was.
    ['Pacific/Apia', '2011-12-30T09:00:00Z', '2011-12-29', '2011-12-30T10:00:00.000Z'],
  ])('%s at %s is %s, until %s', (zone, at, day, next) => {
    expect(dayIn(zone, new Date(at))).toBe(day);
    expect(nextDayIn(zone, new Date(at)).toISOString()).toBe(next);
  });

  it.each([
    ['UTC', '2026-05-10', '2026-05-10T00:00:00.000Z'],
    ['Pacific/Auckland', '2026-05-10', '2026-05-09T12:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-05-10', '2026-05-09T10:00:00.000Z'],
    ['Etc/GMT+12', '2026-05-10', '2026-05-10T12:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['America/Sao_Paulo', '2017-10-15', '2017-10-15T03:00:00.000Z'],
    // The day that never was begins with the one after it.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
  ])('in %s %s begins at %s', (zone, day, begins) => {
    expect(dayBegins(zone, day).toISOString()).toBe(begins);
  });

  it('knows which names are zones', () => {
    expect(['Europe/Berlin', 'UTC', 'Berlin', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });

  it('counts days, those behind too', () => {
    expect([
      daysBetween('2026-02-27', '2026-03-01'),
      daysBetween('2026-05-10', '2026-05-10'),
      daysBetween('2026-05-11', '2026-05-10'),
    ]).toEqual([2, 0, -1]);
  });
});
