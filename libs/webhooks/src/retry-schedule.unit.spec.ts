import { describe, expect, it } from '@jest/globals';
import { pauseAfter, RETRY_DELAYS_MS, retryAfterOf } from './retry-schedule.js';

const HOUR = 3_600_000;

describe('the schedule of retries', () => {
  it('gives up after ten attempts in three days', () => {
    const pauses = Array.from({ length: 12 }, (_, i) => pauseAfter({ failures: i + 1, random: () => 0 }));
    expect(pauses).toEqual([...RETRY_DELAYS_MS, undefined, undefined, undefined]);
    const all = RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0);
    expect([RETRY_DELAYS_MS.length, Math.round(all / HOUR)]).toEqual([9, 69]);
  });

  it('spreads those who failed together, never earlier than it says and a fifth later at most', () => {
    expect([0, 0.5, 1].map((random) => pauseAfter({ failures: 3, random: () => random }))).toEqual([
      300_000, 330_000, 360_000,
    ]);
  });

  it('leaves a receiver alone for as long as it asks, within a day, and no shorter than planned', () => {
    const after = (retryAfterMs: number) => pauseAfter({ failures: 1, random: () => 0, retryAfterMs });
    expect([after(1_000), after(60_000), after(999 * HOUR)]).toEqual([5_000, 60_000, 24 * HOUR]);
    expect(pauseAfter({ failures: 10, retryAfterMs: 60_000 })).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-05-01T12:00:00Z');
  it.each([
    [undefined, undefined],
    ['120', 120_000],
    ['Fri, 01 May 2026 12:00:30 GMT', 30_000],
    ['Fri, 01 May 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['99999999999999', undefined],
  ])('%s means %s ms', (header, ms) => expect(retryAfterOf(header, now)).toBe(ms));
});
