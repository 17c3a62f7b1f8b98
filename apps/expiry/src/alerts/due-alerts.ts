import type { AlertedDate, DataOf, ExpiryAlertRaised } from '#contracts';
import { amountOf, dayIn, daysBetween, decimal } from '#kernel';
import { readSnapshot } from '#projections';
import { readSites, sitesOf } from '#traceability';
import type { Pool } from 'pg';
import { leadsBySite } from '../domain/leads-by-site.js';
import { EXPIRY } from '../read-model/expiry-projector.js';
import { readLeads } from '../read-model/lead-rules.js';

export interface DueOptions {
  pool: Pool;
  now: Date;
  /** Days before a date at which it is told, where nothing else is set for the item or the site. */
  leads: readonly number[];
  /** Of sites whose zone is not known. */
  timeZone: string;
  /** Canonical ids of the organisation's own parties; none: all places are ours. */
  ours: readonly string[];
  /** After this one (`next` of the page before). */
  after?: DueKey | undefined;
  limit: number;
}

export type DueKey = readonly [lot: string, date: string, site: string];

export interface DuePage {
  /** Data of the events to be raised. */
  due: DataOf<typeof ExpiryAlertRaised>[];
  /** Undefined on the last page. */
  next: DueKey | undefined;
  /** Time zones in which somebody's day begins. */
  zones: string[];
  position: string;
}

/**
 * A lot is due for a date at a site where some of it is on hand, with the smallest lead that has come, unless that or a
 * smaller one was told: so a lot first seen late is told of once, and a clock that is behind tells nothing again. Leads are
 * those set for the item at the site, else for the item, else for the site, else the installation's.
 * Sites are those of today also for alerts of the past, and lots by the name they have now.
 */
const DUE = (s: string): string => `
WITH here AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS v(place, site, zone)
), rule AS (
  SELECT v.item, v.site, ARRAY(SELECT json_array_elements_text(v.leads)::int) AS leads
  FROM ROWS FROM (unnest($12::text[], $13::text[]), json_array_elements($14::json)) AS v(item, site, leads)
), furthest AS (
  SELECT v.zone, v.day::date AS today, to_char(v.day::date + (
    SELECT max(w.lead) FROM (SELECT unnest($6::int[]) AS lead UNION ALL SELECT unnest(leads) FROM rule UNION ALL SELECT 0) w
  ), 'YYYY-MM-DD') AS day
  FROM unnest($4::text[], $5::text[]) AS v(zone, day)
), on_hand AS (
  SELECT b.owner, h.site, h.zone,
         json_agg(json_build_object('place', b.place, 'dimension', b.dimension, 'value', b.value::text) ORDER BY b.place, b.dimension) AS stock
  FROM (SELECT owner, place, dimension, sum(value) AS value FROM ${s}.balances
        WHERE $7::text[] = '{}' OR party IS NULL OR party = ANY ($7)
        GROUP BY owner, place, dimension HAVING sum(value) > 0) b
  JOIN here h ON h.place = coalesce(b.place, '') GROUP BY b.owner, h.site, h.zone
), near AS (
  SELECT l.id AS lot, l.item, l.lot_code, l.status, d.derived, o.site, o.zone, f.today, o.stock, k.date, k.day,
    coalesce((
      SELECT r.leads FROM rule r WHERE r.item IN ('', l.item) AND r.site IN ('', o.site)
      ORDER BY r.item = '', r.site = '' LIMIT 1
    ), $6) AS leads
  FROM on_hand o JOIN ${s}.dates d USING (owner) JOIN ${s}.lots l USING (owner) JOIN furthest f USING (zone)
  CROSS JOIN LATERAL (VALUES ('expiry', d.expiry), ('bestBefore', d.best_before), ('retest', d.retest), ('removal', d.removal)) k(date, day)
  WHERE k.day <= f.day AND l.kind IN ('lot', 'serial')
)
SELECT n.lot, n.item, n.lot_code, n.status, n.derived, n.site, n.zone, n.stock, n.date, n.day, u.lead,
  (SELECT json_agg(DISTINCT p.event_id) FROM ${s}.parked p WHERE p.id = n.lot) AS parked
FROM near n
CROSS JOIN LATERAL (
  SELECT min(w.lead) AS lead FROM unnest(n.leads) AS w(lead) WHERE n.day <= to_char(n.today + w.lead, 'YYYY-MM-DD')
) u
WHERE u.lead IS NOT NULL AND NOT EXISTS (
    SELECT FROM ${s}.raised_alerts r LEFT JOIN here h ON h.place = r.site
    WHERE r.lot IN (SELECT n.lot UNION ALL SELECT a.id FROM ${s}.aliases a WHERE a.stands_for = n.lot)
      AND r.date = n.date AND r.day = n.day AND r.lead <= u.lead AND coalesce(h.site, r.site) = n.site)
  AND ($8::text IS NULL OR (n.lot, n.date, n.site) > ($8, $9, $10))
ORDER BY n.lot, n.date, n.site LIMIT $11`;

interface Row {
  lot: string;
  item: string | null;
  lot_code: string | null;
  status: string;
  derived: string[];
  site: string;
  zone: string;
  stock: { place: string | null; dimension: string; value: string }[];
  date: AlertedDate;
  day: string;
  lead: number;
  parked: string[] | null;
}

/** One page of what is due now, read from one state of the read model. */
export const readDue = ({ pool, now, leads, timeZone, ours, after, limit }: DueOptions): Promise<DuePage> =>
  readSnapshot(pool, EXPIRY, async ({ client, schema, position }) => {
    const sites = await readSites(client, schema, timeZone);
    const set = await readLeads(client, schema);
    // Where nothing lies now leads may be set, too: their places are looked up by themselves.
    const ruled = await sitesOf(
      client,
      schema,
      timeZone,
      set.map((rule) => rule.site),
    );
    const rules = leadsBySite(set, ruled);
    const today = new Map([...new Set(sites.map((site) => site.timeZone))].map((zone) => [zone, dayIn(zone, now)]));
    const { rows } = await client.query<Row>(DUE(schema), [
      sites.map((site) => site.place),
      sites.map((site) => site.site),
      sites.map((site) => site.timeZone),
      [...today.keys()],
      [...today.values()],
      leads,
      ours,
      ...(after ?? [null, null, null]),
      limit + 1,
      rules.map((rule) => rule.item),
      rules.map((rule) => rule.site),
      JSON.stringify(rules.map((rule) => rule.leads)),
    ]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      due: page.map((row) => alertOf(row, daysBetween(today.get(row.zone) ?? row.day, row.day), position)),
      next: rows.length > limit && last ? [last.lot, last.date, last.site] : undefined,
      zones: [...today.keys()],
      position,
    };
  });

const alertOf = (row: Row, daysLeft: number, knownAt: string): DataOf<typeof ExpiryAlertRaised> => ({
  lot: row.lot,
  ...(row.item !== null && { item: row.item }),
  ...(row.lot_code !== null && { lotCode: row.lot_code }),
  date: row.date,
  on: row.day,
  inherited: row.derived.includes(row.date),
  lead: row.lead,
  daysLeft,
  ...(row.site !== '' && { site: row.site }),
  timeZone: row.zone,
  status: row.status,
  stock: row.stock.map(({ place, dimension, value }) => ({
    ...(place !== null && { place }),
    amount: amountOf(decimal(value), dimension),
  })),
  complete: row.parked === null,
  ...(row.parked !== null && { parked: row.parked.sort() }),
  knownAt,
});
