import { type Amount, amountOf, calendarDay, canonicalId, dayIn, decimal } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot } from '#projections';
import { itemIdFrom, type LotDates, readSites } from '#traceability';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import type { ViewExpiringDto } from './view-expiring.dto.js';

export interface ExpiringLot {
  lot: string;
  item: string | null;
  lotCode: string | null;
  /** The day after which it may not be used: expiry, else best-before. */
  expiry: string;
  dates: LotDates;
  /** Names of the dates that follow from inputs. */
  inheritedDates: string[];
  status: string;
  /**
   * Place in the order first expired, first out, among the lots of its item that may be taken today: with stock at a place
   * that is no partner's, neither held (a recall holds too) nor rejected nor in quarantine, and not past their expiry or
   * retest date by the clock of a site that has it (the day itself is good, and a best-before date forbids nothing). Null for all others.
   */
  fefo: number | null;
  stock: { place: string | null; amount: Amount }[];
  complete: boolean;
}

// The rank counts every lot of the item that may be taken, whatever is asked for: that is the order they are taken in.
const EXPIRING = (s: string): string => `
WITH here AS (
  SELECT * FROM unnest($9::text[], $7::text[]) AS v(place, today)
), dated AS (
  SELECT l.owner, l.id, l.item, l.lot_code, l.status, d.dates, d.derived, d.expiry AS use_by, d.retest, coalesce(d.expiry, d.best_before) AS expiry
  FROM ${s}.dates d JOIN ${s}.lots l USING (owner)
  WHERE coalesce(d.expiry, d.best_before) IS NOT NULL AND l.kind IN ('lot', 'serial')
    AND ($3::text IS NULL OR l.item = $3)
), ranked AS (
  SELECT owner, row_number() OVER (PARTITION BY item ORDER BY expiry, id) AS fefo FROM dated
  WHERE status IN ('available', 'released')
    AND EXISTS (SELECT FROM ${s}.balances b JOIN here h ON h.place = coalesce(b.place, '')
                WHERE b.owner = dated.owner AND (use_by IS NULL OR use_by >= h.today)
                  AND (retest IS NULL OR retest >= h.today) AND ($8::text[] = '{}' OR b.party IS NULL OR b.party = ANY ($8)))
)
SELECT dated.*, ranked.fefo::int AS fefo,
  (SELECT json_agg(json_build_object('place', t.place, 'dimension', t.dimension, 'value', t.value::text) ORDER BY t.place, t.dimension)
   FROM (SELECT b.place, b.dimension, sum(b.value) AS value FROM ${s}.balances b
         WHERE b.owner = dated.owner AND ($2::text IS NULL OR b.place = $2) GROUP BY b.place, b.dimension) t) AS stock,
  NOT EXISTS (SELECT FROM ${s}.parked p WHERE p.id = dated.id) AS complete
FROM dated LEFT JOIN ranked USING (owner)
WHERE ($1::text IS NULL OR expiry <= $1)
  AND ($2::text IS NULL OR EXISTS (SELECT FROM ${s}.balances b WHERE b.owner = dated.owner AND b.place = $2))
  AND ($4::text IS NULL OR (expiry, id) > ($4, $5))
ORDER BY expiry, id LIMIT $6`;

interface Row {
  id: string;
  item: string | null;
  lot_code: string | null;
  status: string;
  dates: LotDates;
  derived: string[];
  expiry: string;
  fefo: number | null;
  stock: { place: string | null; dimension: string; value: string }[] | null;
  complete: boolean;
}

const expiringLot = (row: Row): ExpiringLot => ({
  lot: row.id,
  item: row.item,
  lotCode: row.lot_code,
  expiry: row.expiry,
  dates: row.dates,
  inheritedDates: row.derived,
  status: row.status,
  fefo: row.fefo,
  stock: (row.stock ?? []).map((s) => ({ place: s.place, amount: amountOf(decimal(s.value), s.dimension) })),
  complete: row.complete,
});

/**
 * Lots that have a date, first expired first.
 * @param ours canonical ids of the organisation's own parties; none: all places are ours. @param timeZone of sites whose
 *   zone is not known.
 */
export const viewExpiring = async (
  pool: Pool,
  asked: ViewExpiringDto,
  { now, ours, timeZone }: { now: Date; ours: readonly string[]; timeZone: string },
): Promise<PageAt<ExpiringLot>> => {
  const limit = asked.limit ?? 100;
  const filters = [
    asked.before === undefined ? null : calendarDay(asked.before),
    asked.place === undefined ? null : canonicalId(asked.place).id,
    asked.item === undefined ? null : itemIdFrom(asked.item),
    ...cursorKey(asked.cursor, 2),
    limit + 1,
  ];
  return readSnapshot(pool, EXPIRY, async ({ client, schema, position }) => {
    const sites = await readSites(client, schema, timeZone);
    const { rows } = await client.query<Row>(EXPIRING(schema), [
      ...filters,
      sites.map((site) => dayIn(site.timeZone, now)),
      ours,
      sites.map(({ place }) => place),
    ]);
    return { position, ...pageOf(rows.map(expiringLot), limit, ({ expiry, lot }) => [expiry, lot]) };
  });
};
