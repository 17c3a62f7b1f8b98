import type { Queryable } from '#traceability';

/** A fact that was recorded, or voided, after a position. */
export interface LateFact {
  /** Id as its reporter gave it. */
  event: string;
  type: string;
  /** UTC; null where it says none. */
  time: string | null;
  recordedAt: string;
  /** Of a fact that counted and does not hold any more: the event that voids it. */
  voidedBy?: string;
  voidedAt?: string;
}

export interface LateLot {
  /** The name it has now. */
  lot: string;
  facts: LateFact[];
}

/**
 * Lots that facts name which count since a position, or count no more since, or that share a shipment, a transformation or a
 * commanded act with those (a delivery may name its shipment alone), down through units and pieces. Of lots that no
 * fact names any more the item is not known: they come along.
 */
const LATE = (s: string): string => `
WITH RECURSIVE late AS MATERIALIZED (
  SELECT fact, event_id, type, time_key, record_time, voided_at FROM ${s}.facts
  WHERE NOT declaration AND ($2::text IS NULL OR time_key < $2)
    AND (recorded_at > $1 AND voided_at IS NULL OR recorded_at <= $1 AND voided_at > $1)
), tied(fact, node) AS MATERIALIZED (
  SELECT DISTINCT late.fact, far.node FROM late JOIN ${s}.incidence tie USING (fact)
  JOIN ${s}.incidence other ON other.node = tie.node JOIN ${s}.incidence far ON far.fact = other.fact AND far.class = 'thing'
  WHERE tie.class IN ('transformation', 'shipment')
    OR tie.class = 'act' AND EXISTS (SELECT FROM ${s}.incidence c WHERE c.node = tie.node AND c.commands)
), down(fact, node) AS (
  (SELECT i.fact, i.node FROM late JOIN ${s}.incidence i USING (fact) WHERE i.class = 'thing' UNION SELECT fact, node FROM tied)
  UNION
  SELECT down.fact, edge.node FROM down CROSS JOIN LATERAL (
    SELECT c.held FROM ${s}.containment c WHERE c.unit = down.node
    UNION ALL SELECT m.lot FROM ${s}.membership m WHERE m.serial = down.node
  ) edge(node)
), named AS (
  SELECT DISTINCT coalesce(a.stands_for, n.id) AS lot, down.fact FROM down JOIN ${s}.nodes n USING (node)
  LEFT JOIN ${s}.aliases a ON a.id = n.id
)
SELECT named.lot, json_agg(json_build_object(
    'event', late.event_id, 'type', late.type, 'time', late.time_key, 'recordedAt', late.record_time,
    'voidedBy', v.event_id, 'voidedAt', v.record_time) ORDER BY late.time_key, late.event_id) AS facts
FROM named JOIN late USING (fact) LEFT JOIN ${s}.lots l ON l.id = named.lot
LEFT JOIN LATERAL (
  SELECT d.event_id, d.record_time FROM ${s}.voidings x JOIN ${s}.facts d USING (log_id)
  WHERE x.event_id = late.event_id AND x.recorded_at = late.voided_at LIMIT 1
) v ON true
WHERE l.id IS NULL OR $3::text[] IS NULL OR coalesce(l.item, '') = ANY ($3)
GROUP BY named.lot ORDER BY named.lot`;

interface Row {
  lot: string;
  facts: {
    event: string;
    type: string;
    time: string | null;
    recordedAt: string;
    voidedBy: string | null;
    voidedAt: string | null;
  }[];
}

const utc = (at: string): string => new Date(at).toISOString();

/**
 * @param asked.since position. @param asked.until `Instant.key`: only facts dated before it.
 * @param asked.items only lots of these; '' stands for lots of which no item is known.
 */
export const readLateLots = async (
  client: Queryable,
  schema: string,
  asked: { since: string; until?: string; items?: readonly string[] },
): Promise<LateLot[]> => {
  const { rows } = await client.query<Row>(LATE(schema), [asked.since, asked.until ?? null, asked.items ?? null]);
  return rows.map(({ lot, facts }) => ({
    lot,
    facts: facts.map(({ event, type, time, recordedAt, voidedBy, voidedAt }) => ({
      ...{ event, type, time: time === null ? null : `${time}Z`, recordedAt: utc(recordedAt) },
      ...(voidedBy !== null && { voidedBy }),
      ...(voidedAt !== null && { voidedAt: utc(voidedAt) }),
    })),
  }));
};
