import type { DataOf, ExpiryAlertRaised } from '#contracts';
import { calendarDay, canonicalId } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot } from '#projections';
import { itemIdFrom, readSites } from '#traceability';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import type { ViewAlertsDto } from './view-alerts.dto.js';

export interface ViewedAlert {
  /** Id of its event, under which topics and webhooks tell it too. */
  alert: string;
  raisedAt: string;
  /** It still stands: the lot has that date, some of it is on hand at the site, and no later alert was raised for it. */
  open: boolean;
  /** As it was told. */
  told: DataOf<typeof ExpiryAlertRaised>;
}

// Sites and names are those of today, as where alerts are raised.
const ALERTS = (s: string): string => `
WITH here AS (
  SELECT * FROM unnest($1::text[], $2::text[]) AS v(place, site)
), told AS (
  SELECT r.alert, r.date, r.day, r.lead, r.item, coalesce(h.site, r.site) AS now_at, coalesce(a.stands_for, r.lot) AS now_named
  FROM ${s}.raised_alerts r LEFT JOIN here h ON h.place = r.site LEFT JOIN ${s}.aliases a ON a.id = r.lot
), judged AS (
  SELECT t.*, EXISTS (
      SELECT FROM ${s}.dates d JOIN ${s}.balances b USING (owner) JOIN here h ON h.place = coalesce(b.place, '')
      WHERE d.id = t.now_named AND h.site = t.now_at AND b.value > 0 AND ($3::text[] = '{}' OR b.party IS NULL OR b.party = ANY ($3))
        AND t.day = CASE t.date WHEN 'expiry' THEN d.expiry WHEN 'bestBefore' THEN d.best_before WHEN 'retest' THEN d.retest ELSE d.removal END
    ) AND NOT EXISTS (
      SELECT FROM told later
      WHERE later.now_named = t.now_named AND later.date = t.date AND later.day = t.day AND later.now_at = t.now_at AND later.lead < t.lead
    ) AS open
  FROM told t
  WHERE ($4::text IS NULL OR t.now_named = coalesce((SELECT stands_for FROM ${s}.aliases WHERE id = $4), $4))
    AND ($5::text IS NULL OR t.item = $5) AND ($6::text IS NULL OR t.now_at = $6) AND ($7::text IS NULL OR t.date = $7)
    AND ($8::text IS NULL OR t.day <= $8) AND ($9::text IS NULL OR (t.day, t.alert::text) > ($9, $10))
)
SELECT alert, j.day, r.raised_at, j.open, r.data FROM judged j JOIN ${s}.raised_alerts r USING (alert)
WHERE $11::boolean IS NULL OR j.open = $11 ORDER BY j.day, alert LIMIT $12`;

interface Row {
  alert: string;
  day: string;
  raised_at: Date;
  open: boolean;
  data: ViewedAlert['told'];
}

/** Alerts that were raised, by the day they are about. @param ours canonical ids of the organisation's own parties; none: all. */
export const viewAlerts = async (
  pool: Pool,
  asked: ViewAlertsDto,
  { ours, timeZone }: { ours: readonly string[]; timeZone: string },
): Promise<PageAt<ViewedAlert>> => {
  const limit = asked.limit ?? 100;
  const filters = [
    asked.lot === undefined ? null : canonicalId(asked.lot).id,
    asked.item === undefined ? null : itemIdFrom(asked.item),
    asked.site === undefined ? null : canonicalId(asked.site).id,
    asked.date ?? null,
    asked.before === undefined ? null : calendarDay(asked.before),
    ...cursorKey(asked.cursor, 2),
    asked.open ?? null,
    limit + 1,
  ];
  return readSnapshot(pool, EXPIRY, async ({ client, schema, position }) => {
    const sites = await readSites(client, schema, timeZone);
    const { rows } = await client.query<Row>(ALERTS(schema), [
      sites.map(({ place }) => place),
      sites.map(({ site }) => site),
      ours,
      ...filters,
    ]);
    const { items, ...page } = pageOf(rows, limit, ({ day, alert }) => [day, alert]);
    return {
      ...{ position, ...page },
      items: items.map((row) => ({
        ...{ alert: row.alert, raisedAt: row.raised_at.toISOString(), open: row.open, told: row.data },
      })),
    };
  });
};
