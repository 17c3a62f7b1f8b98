import { canonicalId, dayIn, type Clock } from '#kernel';
import type { SiteOfPlace } from '#traceability';

/** What day it is where goods are: a day is a day of the site. */
export interface SiteDays {
  /** By place, canonical. */
  at(places: readonly string[]): Promise<(place: string) => string>;
  /** The latest of them: what is good on it is good at all of them. Of no place that of the installation. */
  latest(places: readonly string[]): Promise<string>;
}

/** How long a place's zone is remembered: asking for it is one statement a decision, and it hardly ever changes. */
const REMEMBERED_MS = 60_000;

export interface SiteDaysOptions {
  /** Their sites, as master data has them now. */
  sites: (places: readonly string[]) => Promise<readonly SiteOfPlace[]>;
  clock: Clock;
  /** Of sites of which master data states none. */
  timeZone: string;
  /** Places remembered at most; default 10,000. */
  most?: number;
}

export const createSiteDays = ({ sites, clock, timeZone, most = 10_000 }: SiteDaysOptions): SiteDays => {
  const known = new Map<string, { zone: string; until: number }>();
  /** The zones of these places: what others ask for meanwhile may push them out of what is remembered. */
  const zonesOf = async (places: readonly string[]): Promise<Map<string, string>> => {
    const now = performance.now();
    const zones = new Map<string, string>();
    for (const place of places) {
      const remembered = known.get(place);
      if (remembered !== undefined && remembered.until > now) zones.set(place, remembered.zone);
    }
    const unknown = [...new Set(places)].filter((place) => !zones.has(place));
    if (unknown.length === 0) return zones;
    const found = await sites(unknown);
    if (known.size + found.length > most) known.clear();
    for (const { place, timeZone: zone } of found) {
      zones.set(place, zone);
      known.set(place, { zone, until: now + REMEMBERED_MS });
    }
    return zones;
  };
  const at: SiteDays['at'] = async (places) => {
    const zones = await zonesOf(places.map((place) => canonicalId(place).id));
    const now = clock();
    return (place) => dayIn(zones.get(canonicalId(place).id) ?? timeZone, now);
  };
  return {
    at,
    latest: async (places) => {
      const dayAt = await at(places);
      return places.map(dayAt).sort().at(-1) ?? dayIn(timeZone, clock());
    },
  };
};
