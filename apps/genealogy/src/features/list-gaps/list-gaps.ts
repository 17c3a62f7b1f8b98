import { amountOf, type Amount, baseUnitOf, canonicalId, decimal, measure } from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { itemIdFrom, moneyOf, type Money, parkedAbout } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';
import { readPrices } from '../../periods/balance-row.js';
import { periodAsked } from '../../periods/asked-period.js';
import type { PeriodDto } from '../balance-period/balance-period.dto.js';
import { type Calendar, type Period, readWindows } from '../../periods/site-windows.js';

/**
 * `over-used`: used beyond what the record accounts for; `counted-more`, `counted-less`: what counts found; `moved-unrecorded`:
 * nothing says how it came to another site; `more-out-than-in`: a transformation gave more than went in, beyond the tolerance.
 */
export type GapKind = 'over-used' | 'counted-more' | 'counted-less' | 'moved-unrecorded' | 'more-out-than-in';

export interface Gap {
  kind: GapKind;
  lot: string;
  item: string | null;
  lotCode: string | null;
  site: string | null;
  place: string | null;
  /** Of a movement that nothing records: where the record had it. */
  from?: string;
  /** UTC. */
  time: string;
  amount: Amount;
  /** Absent where no cost of the item is known in this unit. */
  money?: Money;
  /** Ids of the events that cause it. */
  events: string[];
}

export interface GapPage extends PageAt<Gap>, Period {
  complete: boolean;
  parked: readonly string[];
}

// An entry's number tells gaps of one lot and moment apart.
const GAPS = (s: string): string => `
WITH here AS (
  SELECT v.place COLLATE "C" AS place, v.site COLLATE "C" AS site, v.opens COLLATE "C" AS opens, v.closes COLLATE "C" AS closes
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS v(place, site, opens, closes)
), entry AS (
  SELECT CASE WHEN e.from_kind = 'unexplained' THEN 'over-used' WHEN e.from_kind = 'adjusted' THEN 'counted-more'
              WHEN e.to_kind = 'adjusted' THEN 'counted-less' ELSE 'moved-unrecorded' END AS kind,
    l.id AS lot, l.item, l.lot_code, e.time, e.value, e.dimension, e.events, lpad(e.seq::text, 9, '0') AS tie,
    CASE WHEN e.to_kind = 'place' THEN coalesce(e.to_place, '') ELSE coalesce(e.from_place, '') END AS place,
    CASE WHEN e.to_kind = 'place' AND e.from_kind IN ('place', 'shipped') THEN e.from_place END AS came_from
  FROM ${s}.ledger e JOIN ${s}.lots l USING (owner)
  WHERE (e.from_kind IN ('unexplained', 'adjusted') OR e.to_kind = 'adjusted'
         OR e.flag = 'movement-not-recorded' AND e.to_kind = 'place')
    AND l.kind IN ('lot', 'serial') AND NOT EXISTS (SELECT FROM ${s}.members m WHERE m.owner = l.owner)
    AND ($5::text IS NULL OR l.item = $5)
), gap AS (
  SELECT entry.*, NULL::json AS stated, h.site FROM entry JOIN here h USING (place)
  LEFT JOIN here o ON o.place = entry.came_from
  WHERE entry.time >= h.opens AND entry.time < h.closes AND (kind <> 'moved-unrecorded' OR o.site IS DISTINCT FROM h.site)
  UNION ALL
  SELECT * FROM (
    SELECT DISTINCT ON (d.key) d.kind, d.lot, l.item, l.lot_code, d.time, NULL::numeric, NULL::text, d.detail->'events',
      d.key::text, coalesce(d.place, ''), NULL::text, (d.detail->'amount')::json, h.site
    FROM ${s}.discrepancies d LEFT JOIN ${s}.lots l ON l.id = d.lot JOIN here h ON h.place = coalesce(d.place, '')
    WHERE d.kind = 'more-out-than-in' AND d.closed_at IS NULL AND d.time >= h.opens AND d.time < h.closes
      AND ($5::text IS NULL OR l.item = $5)
    ORDER BY d.key
  ) more
)
SELECT kind, lot, item, lot_code, time, value::text, dimension, events, tie, place, came_from, stated, site FROM gap
WHERE ($6::text IS NULL OR site = $6) AND ($7::text IS NULL OR (time, lot, tie) > ($7, $8, $9))
ORDER BY time, lot, tie LIMIT $10`;

interface Row {
  kind: GapKind;
  lot: string;
  item: string | null;
  lot_code: string | null;
  time: string;
  value: string | null;
  dimension: string | null;
  events: string[];
  tie: string;
  place: string;
  came_from: string | null;
  stated: Amount | null;
  site: string;
}

const measured = ({ value, dimension, stated }: Row): ReturnType<typeof measure> =>
  value !== null && dimension !== null
    ? { value: decimal(value), dimension }
    : measure(stated?.value ?? '0', stated?.unit ?? baseUnitOf('count'));

/** What does not add up in a period, in order of event time: each by lot, amount and what it is worth. */
export const listGaps = async (snapshot: Snapshot, asked: PeriodDto, calendar: Calendar): Promise<GapPage> => {
  const { client, schema, position } = snapshot;
  const period = periodAsked(asked);
  const limit = asked.limit ?? 100;
  const windows = await readWindows(client, schema, period, calendar);
  const { rows } = await client.query<Row>(GAPS(schema), [
    windows.map((w) => w.place),
    windows.map((w) => w.site),
    windows.map((w) => w.opens),
    windows.map((w) => w.closes),
    asked.item === undefined ? null : itemIdFrom(asked.item),
    asked.site === undefined ? null : canonicalId(asked.site).id,
    ...cursorKey(asked.cursor, 3),
    limit + 1,
  ]);
  const { items, ...page } = pageOf(rows, limit, (row) => [row.time, row.lot, row.tie]);
  const price = await readPrices(
    snapshot,
    items.map((row) => row.item ?? ''),
  );
  const parked = await parkedAbout(client, schema, null);
  return {
    ...{ position, ...period, complete: parked.length === 0, parked, ...page },
    items: items.map((row): Gap => {
      const { value, dimension } = measured(row);
      const each = price(row.item ?? '', dimension);
      return {
        ...{ kind: row.kind, lot: row.lot, item: row.item, lotCode: row.lot_code },
        ...{ site: row.site === '' ? null : row.site, place: row.place === '' ? null : row.place },
        ...(row.came_from !== null && { from: row.came_from }),
        ...{ time: `${row.time}Z`, amount: amountOf(value, dimension) },
        ...(each !== undefined && { money: moneyOf(value, each) }),
        events: row.events,
      };
    }),
  };
};
