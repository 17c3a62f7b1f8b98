import { decimal } from '#kernel';
import type { Account, Queryable } from '#traceability';
import { addCrossing, type Figures, noFigures } from '../domain/figures.js';
import type { PlaceWindow } from './site-windows.js';

/** '' stands for "the record does not say" of item and site. */
export interface FiguresKey {
  item: string;
  site: string;
  dimension: string;
}
export interface FiguresRow extends FiguresKey {
  figures: Figures;
}

/**
 * Lots that have a ledger of their own (a piece's movements are in its lot's), and of their entries what crosses the border
 * of a site. Within a site nothing comes in and nothing goes out.
 */
const CROSSINGS = (s: string): string => `
here AS (
  SELECT v.place COLLATE "C" AS place, v.site COLLATE "C" AS site, v.opens COLLATE "C" AS opens, v.closes COLLATE "C" AS closes
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS v(place, site, opens, closes)
), lot AS (
  SELECT l.owner, l.id, l.lot_code, coalesce(l.item, '') AS item FROM ${s}.lots l
  WHERE l.kind IN ('lot', 'serial') AND NOT EXISTS (SELECT FROM ${s}.members m WHERE m.owner = l.owner)
    AND ($5::text IS NULL OR l.item = $5)
), crossing AS (
  SELECT lot.owner, lot.item, e.dimension, h.site, e.from_kind AS other, true AS enters, e.time < h.opens AS early, e.value
  FROM lot JOIN ${s}.ledger e USING (owner)
  JOIN here h ON h.place = coalesce(e.to_place, '')
  LEFT JOIN here o ON e.from_kind = 'place' AND o.place = coalesce(e.from_place, '')
  WHERE e.to_kind = 'place' AND e.time < h.closes AND o.site IS DISTINCT FROM h.site
  UNION ALL
  SELECT lot.owner, lot.item, e.dimension, h.site, e.to_kind, false, e.time < h.opens, e.value
  FROM lot JOIN ${s}.ledger e USING (owner)
  JOIN here h ON h.place = coalesce(e.from_place, '')
  LEFT JOIN here o ON e.to_kind = 'place' AND o.place = coalesce(e.to_place, '')
  WHERE e.from_kind = 'place' AND e.time < h.closes AND o.site IS DISTINCT FROM h.site
)`;

const PAGE = (s: string): string => `
WITH ${CROSSINGS(s)}, flow AS (
  SELECT item, site, dimension, other, enters,
    coalesce(sum(value) FILTER (WHERE early), 0) AS before, coalesce(sum(value) FILTER (WHERE NOT early), 0) AS during
  FROM crossing WHERE ($6::text IS NULL OR site = $6) AND ($7::text IS NULL OR item >= $7)
  GROUP BY item, site, dimension, other, enters
), page AS (
  SELECT item, site, dimension FROM flow
  WHERE $7::text IS NULL OR (item, site, dimension) > ($7, $8, $9)
  GROUP BY item, site, dimension
  HAVING sum(during) > 0 OR sum(CASE WHEN enters THEN before ELSE -before END) <> 0
  ORDER BY item, site, dimension LIMIT $10
)
SELECT item, site, dimension, other, enters, before::text, during::text
FROM flow JOIN page USING (item, site, dimension) ORDER BY item, site, dimension`;

interface FlowRow extends FiguresKey {
  other: Account['kind'];
  enters: boolean;
  before: string;
  during: string;
}

const columnsOf = (windows: readonly PlaceWindow[]): string[][] => [
  windows.map((w) => w.place),
  windows.map((w) => w.site),
  windows.map((w) => w.opens),
  windows.map((w) => w.closes),
];

/**
 * Figures by item, site and dimension, in that order; what had nothing and moved nothing in the period is left out.
 * @param limit rows; undefined gives all.
 */
export const readFigures = async (
  client: Queryable,
  schema: string,
  windows: readonly PlaceWindow[],
  asked: {
    item?: string | undefined;
    site?: string | undefined;
    after?: readonly (string | null)[] | undefined;
    limit?: number | undefined;
  } = {},
): Promise<FiguresRow[]> => {
  const { rows } = await client.query<FlowRow>(PAGE(schema), [
    ...columnsOf(windows),
    asked.item ?? null,
    asked.site ?? null,
    ...(asked.after ?? [null, null, null]),
    asked.limit ?? null,
  ]);
  const found = new Map<string, FiguresRow>();
  for (const { item, site, dimension, other, enters, before, during } of rows) {
    const key = JSON.stringify([item, site, dimension]);
    const row = found.get(key) ?? { item, site, dimension, figures: noFigures() };
    found.set(key, row);
    addCrossing(row.figures, other, enters, { before: decimal(before), during: decimal(during) });
  }
  return [...found.values()];
};
