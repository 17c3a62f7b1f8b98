import { isTimeZone } from '#kernel';
import type { MasterData } from '../happening.js';
import { geography } from '../ledger/index.js';
import { readMasterData } from './master-data.js';
import type { Queryable } from './unnest.js';

/** A place, the site it is part of, and whose day counts there. '' stands for "the record does not say where". */
export interface SiteOfPlace {
  place: string;
  site: string;
  /** Places between it and the site, itself included; 0 of the site. */
  depth: number;
  timeZone: string;
  /** The party the place belongs to, as far as master data says. */
  party?: string;
}

const WITH_STOCK = (s: string): string => `SELECT DISTINCT place FROM ${s}.balances WHERE place IS NOT NULL`;
const EVER_NAMED = (s: string): string => `SELECT id AS place FROM ${s}.nodes WHERE class = 'place'`;

const depthOf = (place: string, master: MasterData): number => {
  const seen = new Set<string>();
  for (let at: string | undefined = place; at !== undefined && !seen.has(at); at = master.place(at)?.parent)
    seen.add(at);
  return seen.size - 1;
};

/**
 * The sites of places, and of "the record does not say where". A site keeps the time zone that master data states of it,
 * else the installation's (which also stands in for a name that is no zone).
 * @param timeZone the installation's.
 * @param of `stock`: places where something is on hand (the default); `ever`: all that a fact ever named.
 */
export const readSites = async (
  client: Queryable,
  schema: string,
  timeZone: string,
  of: 'stock' | 'ever' = 'stock',
): Promise<SiteOfPlace[]> => {
  const { rows } = await client.query<{ place: string }>((of === 'ever' ? EVER_NAMED : WITH_STOCK)(schema));
  return sitesOf(
    client,
    schema,
    timeZone,
    rows.map((row) => row.place),
  );
};

/** The same of these places, as master data was known at a position. */
export const sitesOf = async (
  client: Queryable,
  schema: string,
  timeZone: string,
  places: readonly string[],
  cut: { position?: string } = {},
): Promise<SiteOfPlace[]> => {
  const master = await readMasterData(client, schema, { places }, cut);
  const map = geography(master);
  const zoneOf = (id: string): string => {
    const stated = master.place(id)?.timeZone;
    return stated !== undefined && isTimeZone(stated) ? stated : timeZone;
  };
  const found = places.map((place): SiteOfPlace => {
    const root = map.site(place) ?? place;
    const party = map.party(place);
    return {
      ...{ place, site: root, depth: depthOf(place, master), timeZone: zoneOf(root) },
      ...(party !== undefined && { party }),
    };
  });
  return [...found, { place: '', site: '', depth: 0, timeZone }];
};
