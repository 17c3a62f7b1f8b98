import { canonicalId, dayBegins, instant } from '#kernel';
import { daysAfter, readSites, sitesOf, type Queryable, type SiteOfPlace } from '#traceability';
import type { SiteWindow } from '../domain/figures.js';

/** Calendar days, both in it: each begins and ends as the days of a site do. */
export interface Period {
  from: string;
  to: string;
}

/** Where and how days are counted. */
export interface Calendar {
  /** Of sites of which master data states none. */
  timeZone: string;
  /** The organisation's own parties, as configured; none: all places are ours. */
  ownParties: readonly string[];
}

export interface PlaceWindow extends SiteWindow {
  place: string;
  timeZone: string;
}

const keyOf = (at: Date): string => instant(at.toISOString())?.key ?? '';

/** When a period is over at a site: the first moment of the day after it. */
export const endOf = (period: Period, timeZone: string): Date => dayBegins(timeZone, daysAfter(period.to, 1));

const windowsOf = (sites: readonly SiteOfPlace[], period: Period, { ownParties }: Calendar): PlaceWindow[] => {
  const ours = new Set(ownParties.map((id) => canonicalId(id).id));
  const bounds = new Map<string, { opens: string; closes: string }>();
  const boundsIn = (timeZone: string): { opens: string; closes: string } => {
    const known = bounds.get(timeZone);
    if (known !== undefined) return known;
    const found = { opens: keyOf(dayBegins(timeZone, period.from)), closes: keyOf(endOf(period, timeZone)) };
    bounds.set(timeZone, found);
    return found;
  };
  return sites
    .filter(({ party }) => ours.size === 0 || party === undefined || ours.has(party))
    .map(({ place, site, timeZone }) => ({ place, site, timeZone, ...boundsIn(timeZone) }));
};

/** The period at every place of ours that a fact ever named, and where the record says no place (''). */
export const readWindows = async (
  client: Queryable,
  schema: string,
  period: Period,
  calendar: Calendar,
): Promise<PlaceWindow[]> => windowsOf(await readSites(client, schema, calendar.timeZone, 'ever'), period, calendar);

/** The period at these places, as master data was known at a position. */
export const windowsAt = async (
  client: Queryable,
  schema: string,
  places: readonly string[],
  position: string,
  period: Period,
  calendar: Calendar,
): Promise<PlaceWindow[]> =>
  windowsOf(await sitesOf(client, schema, calendar.timeZone, places, { position }), period, calendar);
