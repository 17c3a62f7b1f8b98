import { canonicalId, dayIn, type Clock } from '#kernel';
import type { Projections } from '#platform';
import { sitesOf } from '#traceability';
import type { Pool } from 'pg';
import { STOCK } from './stock-name.js';

/** What day it is where goods are: a day is a day of the site. */
export interface SiteDays {
  /** By place, canonical. */
  at(places: readonly string[]): Promise<(place: string) => string>;
  /** The latest of them: what is good on it is good at all of them. Of no place that of the installation. */
  latest(places: readonly string[]): Promise<string>;
}

/** How long a place's zone is remembered: asking for it is one statement a decision, and it hardly ever changes. */
const REMEMBERED_MS = 60_000;
/** Places remembered at most. */
const MOST = 10_000;

/** @param deps.timeZone of sites of which master data states none. */
export const createSiteDays = (deps: {
  pool: Pool;
  projections: Projections;
  clock: Clock;
  timeZone: string;
}): SiteDays => {
  const { pool, projections, clock, timeZone } = deps;
  const known = new Map<string, { zone: string; until: number }>();
  const learn = async (places: readonly string[]): Promise<void> => {
    const now = performance.now();
    const unknown = [...new Set(places)].filter((place) => (known.get(place)?.until ?? 0) <= now);
    if (unknown.length === 0) return;
    if (known.size > MOST) known.clear();
    const sites = await sitesOf(pool, await projections.schemaOf(STOCK), timeZone, unknown);
    for (const { place, timeZone: zone } of sites) known.set(place, { zone, until: now + REMEMBERED_MS });
  };
  const at: SiteDays['at'] = async (places) => {
    await learn(places.map((place) => canonicalId(place).id));
    const now = clock();
    return (place) => dayIn(known.get(canonicalId(place).id)?.zone ?? timeZone, now);
  };
  return {
    at,
    latest: async (places) => {
      const dayAt = await at(places);
      return places.map(dayAt).sort().at(-1) ?? dayIn(timeZone, clock());
    },
  };
};
