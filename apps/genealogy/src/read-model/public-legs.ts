import { momentColumn, unitColumn } from '#traceability';

type Side = 'input' | 'output';

/** What was in a unit at `at`; where it is made then and filled later, what it was filled with first. */
const IN_IT = (s: string, side: Side): string => {
  const then = (stay: string): string =>
    `${stay}.from_time <= act.at AND (${stay}.to_time IS NULL OR act.at <= ${stay}.to_time)`;
  if (side === 'input') return then('y');
  return `(${then('y')} OR NOT EXISTS (SELECT FROM ${s}.stays z WHERE z.unit = y.unit AND ${then('z')})
      AND y.from_time = (SELECT min(z.from_time) FROM ${s}.stays z WHERE z.unit = y.unit AND z.from_time > act.at))`;
};

const SIDES = {
  input: { legs: 'inputs', things: 'things', place: `coalesce(h->>'readPoint', h->>'bizLocation')` },
  output: { legs: 'outputs', things: 'outputs', place: `coalesce(h->>'bizLocation', h->>'readPoint')` },
} as const;

/**
 * Legs of transformations. A unit that an event names is what it held then, also in units inside it, with what the ledger
 * says was taken or made of each; where nothing tells, the unit itself.
 */
export const TRANSFORMATION_LEGS = (s: string, side: Side): string => {
  const { legs, things, place } = SIDES[side];
  return `
SELECT t.id AS transformation, leg->>'lot' AS lot, leg->>'kind' AS kind, (leg->'amount'->>'value')::numeric AS amount,
  leg->'amount'->>'unit' AS unit, NULL::text AS logistic_unit, ${momentColumn("(leg->>'at')")} AS event_time,
  leg->>'place' AS place
FROM ${s}.transformations t CROSS JOIN LATERAL jsonb_array_elements(t.${legs}) AS legs(leg)
WHERE leg->>'kind' <> 'unit'
UNION ALL
SELECT act.transformation, coalesce(held.lot, act.unit), CASE WHEN held.lot IS NULL THEN 'unit' ELSE 'lot' END,
  CASE WHEN held.lot IS NULL THEN act.amount ELSE held.value END,
  CASE WHEN held.lot IS NULL THEN act.amount_unit ELSE ${unitColumn('held.dimension')} END,
  act.unit, ${momentColumn('act.at')}, act.place
FROM (
  SELECT t.id AS transformation, h->>'id' AS event, h->'time'->>'key' AS at, ${place} AS place, h->'${things}' AS things,
    thing->>'id' AS unit, (thing->'amount'->>'value')::numeric AS amount, thing->'amount'->>'unit' AS amount_unit
  FROM ${s}.transformations t CROSS JOIN LATERAL jsonb_array_elements(t.happenings) AS happenings(h)
  CROSS JOIN LATERAL jsonb_array_elements(h->'${things}') AS things(thing)
  WHERE thing->>'kind' = 'unit'
) act
LEFT JOIN LATERAL (
  WITH RECURSIVE down(id) AS (
    SELECT act.unit COLLATE "C"
    UNION
    SELECT y.content FROM down JOIN ${s}.stays y ON y.unit = down.id AND ${IN_IT(s, side)}
  )
  SELECT down.id AS lot, f.value, f.dimension FROM down
  LEFT JOIN ${s}.flows f ON f.lot = down.id AND f.side = '${side}' AND f.event = act.event
  WHERE NOT EXISTS (SELECT FROM ${s}.stays y WHERE y.unit = down.id)
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(act.things) AS named(thing) WHERE named.thing->>'id' = down.id)
) held ON true`;
};
