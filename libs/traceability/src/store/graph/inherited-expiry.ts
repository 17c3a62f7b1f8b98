import { decimal } from '#kernel';
import { usedAfterExpiry, type Discrepancy } from '../../ledger/index.js';
import type { Queryable } from '../unnest.js';

/**
 * Uses of lots on days after an expiry that they have from their inputs. A lot's own fold does not know it: it follows from
 * other lots, and moves with them. The day is that in the event's own offset; it is never two days from that in UTC.
 */
const USES = (s: string, which: string): string => `
SELECT d.id AS lot, d.expiry, e.to_kind, e.from_place, e.time, e.dimension, e.events->>0 AS event, sum(e.value)::text AS value
FROM ${s}.dates d JOIN ${s}.lots l USING (owner) JOIN ${s}.ledger e USING (owner)
CROSS JOIN LATERAL (
  SELECT h->'time'->>'day' AS day FROM ${s}.facts f CROSS JOIN LATERAL json_array_elements(f.happenings) AS h
  WHERE f.event_id = e.events->>0 AND NOT f.declaration AND f.voided_at IS NULL AND h->>'id' = e.events->>0 LIMIT 1
) told
WHERE ${which} AND d.derived <> '[]' AND d.derived ? 'expiry' AND l.last_time >= d.expiry
  AND e.to_kind IN ('consumed', 'sold', 'shipped') AND e.from_kind = 'place' AND left(e.time, 10) >= d.expiry AND told.day > d.expiry
GROUP BY d.id, d.expiry, e.to_kind, e.from_place, e.time, e.dimension, e.events->>0
ORDER BY d.id, e.time, e.events->>0`;

const OF_ALL = (s: string): string => USES(s, `NOT EXISTS (SELECT FROM ${s}.members m WHERE m.serial = d.id)`);
const OF_LOTS = (s: string): string => USES(s, 'd.id = ANY ($1::text[])');

interface Row {
  lot: string;
  expiry: string;
  to_kind: 'consumed' | 'sold' | 'shipped';
  from_place: string | null;
  time: string;
  dimension: string;
  event: string;
  value: string;
}

/**
 * `used-after-expiry` and `shipped-after-expiry` by an inherited date, as it holds at the time of reading.
 * @param lots absent: of all lots; a piece is then listed with its lot.
 */
export const afterInheritedExpiry = async (
  client: Queryable,
  schema: string,
  lots?: readonly string[],
): Promise<Discrepancy[]> => {
  const { rows } = await (lots === undefined
    ? client.query<Row>(OF_ALL(schema))
    : client.query<Row>(OF_LOTS(schema), [lots]));
  return rows.map(({ lot, expiry, to_kind: to, from_place: place, time, dimension, event, value }) =>
    usedAfterExpiry({
      ...{ lot, expiry, how: to === 'shipped' ? 'shipped' : 'used', place, time, event },
      ...{ dimension, value: decimal(value) },
    }),
  );
};
