import type { Happening } from '../happening.js';
import type { Cut } from './cut.js';
import type { Queryable } from './unnest.js';

/** Facts that name the thing, or a unit that ever held it, however deep. */
const INCIDENT = (s: string): string => `
WITH RECURSIVE up(owner, node) AS (
  SELECT * FROM unnest($1::bigint[], $2::bigint[])
  UNION
  SELECT up.owner, c.unit FROM up JOIN ${s}.containment c ON c.held = up.node
)
SELECT up.owner, array_agg(DISTINCT i.fact) AS facts FROM up JOIN ${s}.incidence i USING (node) GROUP BY up.owner`;

/** Facts tied to these by an act or a transformation that both name. */
const TIED = (s: string): string => `
SELECT DISTINCT a.fact, b.fact AS tied FROM ${s}.incidence a
JOIN ${s}.nodes n ON n.node = a.node AND n.class IN ('act', 'transformation')
JOIN ${s}.incidence b ON b.node = a.node AND b.fact <> a.fact
WHERE a.fact = ANY ($1::bigint[])
  AND (n.class = 'transformation' OR EXISTS (SELECT FROM ${s}.incidence c WHERE c.node = n.node AND c.commands))`;

// An error declaration counts by what it voids, never by what it repeats.
const READ = (s: string): string => `
SELECT fact, type, happenings FROM ${s}.facts
WHERE fact = ANY ($1::bigint[]) AND NOT declaration
  AND ($2::text IS NULL OR recorded_at <= $2)
  AND (voided_at IS NULL OR voided_at > $2)`;

/** A fact that stands at the cut: not voided there. */
export interface StandingFact {
  type: string;
  happenings: readonly Happening[];
}

/**
 * All that stands in the record about each thing, for folding it.
 * @param owners which owner each node's facts go to; several nodes of one owner are one lot under several names.
 * @returns by owner, each fact once; an owner that nothing stands of has an empty list.
 */
export const readFacts = async (
  client: Queryable,
  schema: string,
  owners: readonly { owner: string; node: string }[],
  cut: Cut = {},
): Promise<Map<string, StandingFact[]>> => {
  const { rows: incident } = await client.query<{ owner: string; facts: string[] }>(INCIDENT(schema), [
    owners.map((o) => o.owner),
    owners.map((o) => o.node),
  ]);
  const first = [...new Set(incident.flatMap((row) => row.facts))];
  const { rows: tied } = await client.query<{ fact: string; tied: string }>(TIED(schema), [first]);
  const tiedTo = new Map<string, string[]>();
  for (const row of tied) tiedTo.set(row.fact, [...(tiedTo.get(row.fact) ?? []), row.tied]);
  const standing = await readStanding(client, schema, [...new Set([...first, ...tied.map((row) => row.tied)])], cut);
  const result = new Map<string, StandingFact[]>(owners.map((o) => [o.owner, []]));
  for (const { owner, facts } of incident)
    result.set(
      owner,
      [...new Set(facts.flatMap((fact) => [fact, ...(tiedTo.get(fact) ?? [])]))].flatMap(
        (fact) => standing.get(fact) ?? [],
      ),
    );
  return result;
};

/** Those of these facts that stand at the cut, by number; happenings that only void others are left out. */
export const readStanding = async (
  client: Queryable,
  schema: string,
  facts: readonly string[],
  cut: Cut = {},
): Promise<Map<string, StandingFact>> => {
  const { rows } = await client.query<{ fact: string; type: string; happenings: Happening[] }>(READ(schema), [
    facts,
    cut.position ?? null,
  ]);
  const upTo = cut.eventTimeTo;
  return new Map(
    rows.map(({ fact, type, happenings }) => [
      fact,
      {
        type,
        happenings: happenings.filter(
          (h) => h.voids === undefined && (upTo === undefined || h.time.key <= upTo),
        ),
      },
    ]),
  );
};
