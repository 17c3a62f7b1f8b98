import { describe, expect, it } from '@jest/globals';
import type { SiteOfPlace } from '#traceability';
import { createSiteDays } from './site-days.js';

/** There it is the next day already. */
const AUCKLAND = 'Pacific/Auckland';
const NOW = '2026-04-20T22:00:00Z';

const placesFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `urn:example:place:${first + i}`);

/** All places are in Auckland; five of them are remembered at most. */
const setUp = () => {
  const asked: string[][] = [];
  const days = createSiteDays({
    sites: (places) => {
      asked.push([...places]);
      return Promise.resolve(
        places.map((place): SiteOfPlace => ({ place, site: place, depth: 0, timeZone: AUCKLAND })),
      );
    },
    clock: () => new Date(NOW),
    timeZone: 'UTC',
    most: 5,
  });
  return { days, asked };
};

describe('the day where goods are', () => {
  it('is that of every place asked for, whatever has to be forgotten for it', async () => {
    const { days, asked } = setUp();
    await days.at(placesFrom(0, 4));
    for (const places of [placesFrom(2, 6), placesFrom(0, 12)]) {
      const dayAt = await days.at(places);
      expect(new Set(places.map(dayAt))).toEqual(new Set(['2026-04-21']));
    }
    expect(asked[1]).toEqual(placesFrom(4, 4));
  });

  it('stays what it was when others ask before the answer is used', async () => {
    const { days } = setUp();
    const dayAt = await days.at(placesFrom(0, 3));
    await Promise.all([days.at(placesFrom(10, 6)), days.at(placesFrom(20, 6))]);
    expect(placesFrom(0, 3).map(dayAt)).toEqual(['2026-04-21', '2026-04-21', '2026-04-21']);
    expect(dayAt('urn:example:place:never-asked')).toBe('2026-04-20');
  });

  it('is remembered', async () => {
    const { days, asked } = setUp();
    await days.latest(placesFrom(0, 3));
    expect(await days.latest(placesFrom(1, 2))).toBe('2026-04-21');
    expect(asked).toHaveLength(1);
    expect(await days.latest([])).toBe('2026-04-20');
  });
});
