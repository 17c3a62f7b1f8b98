import {
  type Amount,
  amountOf,
  calendarDay,
  canonicalId,
  dayIn,
  decimal,
  type Decimal,
  decimalText,
  ZERO,
} from '#kernel';
import { cursorKey, type PageAt, pageOf } from '#platform';
import { readSnapshot } from '#projections';
import { itemIdFrom, moneyOf, type Money, priceOf, readMasterData, readSites } from '#traceability';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import type { ValueAtRiskDto } from './value-at-risk.dto.js';

/** What of one item expires in a week at a site. */
export interface ItemAtRisk {
  item: string | null;
  /** Everything that is on hand, whatever its status. */
  amount: Amount;
  /** The part whose day has passed at the site. */
  expired: Amount;
  lots: number;
  /** Absent where no cost of the item is known in this unit. */
  money?: Money;
}

export interface WeekAtRisk {
  /** ISO 8601, of the day itself: `2026-W19` begins on a Monday. */
  week: string;
  begins: string;
  site: string | null;
  timeZone: string;
  /** Of the items whose cost is known, by currency. */
  money: Money[];
  /** Items without a known cost: what they are worth is not in `money`. */
  withoutCost: number;
  items: ItemAtRisk[];
}

// A piece's stock is in its lot's.
const AT_RISK = (s: string): string => `
WITH here AS (
  SELECT v.place COLLATE "C" AS place, v.site COLLATE "C" AS site, v.today COLLATE "C" AS today
  FROM unnest($1::text[], $2::text[], $3::text[]) AS v(place, site, today)
), dated AS (
  SELECT l.owner, coalesce(l.item, '') AS item, coalesce(d.expiry, d.best_before) AS day
  FROM ${s}.dates d JOIN ${s}.lots l USING (owner)
  WHERE coalesce(d.expiry, d.best_before) <= coalesce($5, '9999-12-31') AND l.kind IN ('lot', 'serial')
    AND NOT EXISTS (SELECT FROM ${s}.members m WHERE m.owner = l.owner) AND ($6::text IS NULL OR l.item = $6)
), risk AS (
  SELECT to_char(dated.day::date, 'IYYY-"W"IW') COLLATE "C" AS week,
    to_char(date_trunc('week', dated.day::date), 'YYYY-MM-DD') AS begins, h.site, dated.item, b.dimension,
    sum(b.value) AS value, coalesce(sum(b.value) FILTER (WHERE dated.day < h.today), 0) AS expired,
    count(DISTINCT dated.owner)::int AS lots
  FROM dated JOIN ${s}.balances b USING (owner) JOIN here h ON h.place = coalesce(b.place, '')
  WHERE b.value > 0 AND ($4::text[] = '{}' OR b.party IS NULL OR b.party = ANY ($4)) AND ($7::text IS NULL OR h.site = $7)
  GROUP BY week, begins, h.site, dated.item, b.dimension
), page AS (
  SELECT week, site FROM risk WHERE $8::text IS NULL OR (week, site) > ($8, $9)
  GROUP BY week, site ORDER BY week, site LIMIT $10
)
SELECT week, begins, site, item, dimension, value::text, expired::text, lots FROM risk JOIN page USING (week, site)
ORDER BY week, site, item, dimension`;

interface Row {
  week: string;
  begins: string;
  site: string;
  item: string;
  dimension: string;
  value: string;
  expired: string;
  lots: number;
}

/**
 * What expires in which week at which site, and what it is worth. The week is that of the day itself; whether that has passed
 * is asked of the site's clock.
 */
export const valueAtRisk = async (
  pool: Pool,
  asked: ValueAtRiskDto,
  { now, ours, timeZone }: { now: Date; ours: readonly string[]; timeZone: string },
): Promise<PageAt<WeekAtRisk>> => {
  const limit = asked.limit ?? 100;
  return readSnapshot(pool, EXPIRY, async ({ client, schema, position }) => {
    const sites = await readSites(client, schema, timeZone);
    const { rows } = await client.query<Row>(AT_RISK(schema), [
      sites.map(({ place }) => place),
      sites.map(({ site }) => site),
      sites.map((site) => dayIn(site.timeZone, now)),
      ours,
      asked.before === undefined ? null : calendarDay(asked.before),
      asked.item === undefined ? null : itemIdFrom(asked.item),
      asked.site === undefined ? null : canonicalId(asked.site).id,
      ...cursorKey(asked.cursor, 2),
      limit + 1,
    ]);
    const zones = new Map(sites.map(({ site, timeZone: zone }) => [site, zone]));
    const items = [...new Set(rows.flatMap(({ item }) => (item === '' ? [] : [item])))];
    const master = await readMasterData(client, schema, { items });
    const itemOf = ({ item, dimension, value, expired, lots }: Row): ItemAtRisk => {
      const price = priceOf(master.items.get(item), dimension);
      const amount = decimal(value);
      return {
        item: item === '' ? null : item,
        ...{ amount: amountOf(amount, dimension), expired: amountOf(decimal(expired), dimension), lots },
        ...(price && { money: moneyOf(amount, price) }),
      };
    };
    const weeks = [...Map.groupBy(rows, ({ week, site }) => JSON.stringify([week, site])).values()].flatMap(
      (group): WeekAtRisk[] => {
        const [first] = group;
        if (first === undefined) return [];
        const { week, begins, site } = first;
        const told = group.map(itemOf);
        return [
          {
            ...{ week, begins, site: site === '' ? null : site, timeZone: zones.get(site) ?? timeZone },
            ...{
              money: totalsOf(told),
              withoutCost: told.filter(({ money }) => money === undefined).length,
              items: told,
            },
          },
        ];
      },
    );
    return { position, ...pageOf(weeks, limit, ({ week, site }) => [week, site ?? '']) };
  });
};

const totalsOf = (items: readonly ItemAtRisk[]): Money[] => {
  const totals = new Map<string, Decimal>();
  for (const { money } of items)
    if (money !== undefined) totals.set(money.currency, (totals.get(money.currency) ?? ZERO).plus(money.value));
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, value]) => ({ value: decimalText(value), currency }));
};
