import { geography, readMasterData, type Queryable } from '#traceability';
import { isTimeZone } from '../domain/site-day.js';

/** A place where something is on hand, and whose day counts there. '' stands for "the record does not say where". */
export interface SiteOfPlace {
  place: string;
  site: string;
  timeZone: string;
}

const PLACES = (s: string): string => `SELECT DISTINCT place FROM ${s}.balances WHERE place IS NOT NULL`;

/**
 * The sites of all places with stock. A site keeps the time zone that master data states of it, else the installation's
 * (which also stands in for a name that is no zone).
 */
export const readSites = async (client: Queryable, schema: string, timeZone: string): Promise<SiteOfPlace[]> => {
  const { rows } = await client.query<{ place: string }>(PLACES(schema));
  const places = rows.map((row) => row.place);
  const master = await readMasterData(client, schema, { places });
  const map = geography(master);
  const zoneOf = (id: string): string => {
    const stated = master.place(id)?.timeZone;
    return stated !== undefined && isTimeZone(stated) ? stated : timeZone;
  };
  const found = places.map((place): SiteOfPlace => {
    const root = map.site(place) ?? place;
    return { place, site: root, timeZone: zoneOf(root) };
  });
  return [...found, { place: '', site: '', timeZone }];
};
