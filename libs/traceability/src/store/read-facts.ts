import type { Happening } from '../happening.js';
import type { Cut } from './cut.js';
import type { Queryable } from './unnest.js';

/** Facts that name the thing, a serial of it, or a unit that ever held any of these, however deep. */
const INCIDENT = (s: string): string => `
WITH RECURSIVE up(owner, node) AS (
  SELECT * FROM unnest($1::bigint[], $2::bigint[])
  UNION
  SELECT up.owner, edge.node FROM up CROSS JOIN LATERAL (
    SELECT c.unit FROM ${s}.containment c WHERE c.held = up.node
    UNION ALL SELECT m.serial FROM ${s}.membership m WHERE m.lot = up.node
  ) edge(node)
)
SELECT up.owner, array_agg(DISTINCT i.fact) AS facts FROM up JOIN ${s}.incidence i USING (node) GROUP BY up.owner`;

/** Facts that state a production date of the thing. */
const DATING = (s: string): string => `
SELECT v.owner, array_agg(DISTINCT i.fact) AS facts FROM unnest($1::bigint[], $2::bigint[]) AS v(owner, node)
JOIN ${s}.incidence i ON i.node = v.node AND i.dates GROUP BY v.owner`;

/** Facts tied to these by a commanded act, a transformation or a shipment that both name. */
const TIED = (s: string): string => `
SELECT DISTINCT a.fact, b.fact AS tied FROM ${s}.incidence a
JOIN ${s}.nodes n ON n.node = a.node AND n.class IN ('act', 'transformation', 'shipment')
JOIN ${s}.incidence b ON b.node = a.node AND b.fact <> a.fact
WHERE a.fact = ANY ($1::bigint[])
  AND (n.class <> 'act' OR EXISTS (SELECT FROM ${s}.incidence c WHERE c.node = n.node AND c.commands))`;

// An error declaration counts by what it voids, never by what it repeats.
const READ_STANDING = (s: string): string => `
SELECT fact, happenings FROM ${s}.facts
WHERE fact = ANY ($1::bigint[]) AND NOT declaration
  AND ($2::text IS NULL OR recorded_at <= $2)
  AND (voided_at IS NULL OR voided_at > $2)`;

/** A node whose facts go to an owner; several nodes of one owner are one lot under several names. */
export interface Owned {
  owner: string;
  node: string;
}

type Reader = (
  client: Queryable,
  schema: string,
  owners: readonly Owned[],
  cut?: Cut,
) => Promise<Map<string, Happening[]>>;

const reader =
  (incident: (schema: string) => string): Reader =>
  async (client, schema, owners, cut = {}) => {
    const found = await client.query<{ owner: string; facts: string[] }>(incident(schema), [
      owners.map((o) => o.owner),
      owners.map((o) => o.node),
    ]);
    const named = [...new Set(found.rows.flatMap((row) => row.facts))];
    const { rows: ties } = await client.query<{ fact: string; tied: string }>(TIED(schema), [named]);
    const tiedTo = Map.groupBy(ties, (row) => row.fact);
    const standing = await readStanding(client, schema, [...new Set([...named, ...ties.map((row) => row.tied)])], cut);
    const result = new Map<string, Happening[]>(owners.map((o) => [o.owner, []]));
    for (const { owner, facts } of found.rows) {
      const all = new Set(facts.flatMap((fact) => [fact, ...(tiedTo.get(fact) ?? []).map((row) => row.tied)]));
      result.set(
        owner,
        [...all].flatMap((fact) => standing.get(fact) ?? []),
      );
    }
    return result;
  };

/**
 * All that stands in the record about each thing, for folding it: what names it, a serial of it, or a unit that ever held
 * any of these, and what is tied to those.
 * @returns by owner, each happening once; [] for an owner that nothing stands of.
 */
export const readFacts: Reader = reader(INCIDENT);

/** The part of it that states production dates. */
export const readDatingFacts: Reader = reader(DATING);

/** Happenings of those of these facts that stand at the cut, by fact; those that only void others are left out. */
export const readStanding = async (
  client: Queryable,
  schema: string,
  facts: readonly string[],
  cut: Cut = {},
): Promise<Map<string, Happening[]>> => {
  const { rows } = await client.query<{ fact: string; happenings: Happening[] }>(READ_STANDING(schema), [
    facts,
    cut.position ?? null,
  ]);
  const upTo = cut.eventTimeTo;
  return new Map(
    rows.map(({ fact, happenings }) => [
      fact,
      happenings.filter((h) => h.voids === undefined && (upTo === undefined || h.time.key <= upTo)),
    ]),
  );
};
