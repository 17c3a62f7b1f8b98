import type { Happening } from '../../happening.js';
import { graphOf } from '../../memory-graph/index.js';
import type { TraceGraph } from '../../trace/index.js';
import { readAliasesAt, resolved } from '../aliases.js';
import type { Cut } from '../cut.js';
import { itemsIn, placesIn } from '../fold.js';
import { readMasterData } from '../master-data.js';
import { readDatingFacts, readFacts } from '../read-facts.js';
import type { Queryable } from '../unnest.js';
import { isOursBy, type Punctuality } from './overdue.js';

/**
 * Whatever a walk from the starts could reach at any time, both ways, by all that was ever recorded: more than it will reach
 * at the cut, never less. A unit is entered from above where a walk arrives at it; from one of its contents only what was
 * done with the unit itself is followed.
 */
const REACHABLE = (s: string): string => `
WITH RECURSIVE walk(node, way, rose) AS (
  SELECT n.node, d.way, false FROM ${s}.nodes n CROSS JOIN (VALUES ('forward'), ('back')) d(way)
  WHERE n.class = 'thing' AND n.id = ANY ($1::text[])
  UNION
  SELECT e.node, w.way, e.rose FROM walk w CROSS JOIN LATERAL (
    SELECT x.b, false FROM ${s}.same x WHERE x.a = w.node AND NOT w.rose
    UNION ALL SELECT m.lot, false FROM ${s}.membership m WHERE m.serial = w.node AND NOT w.rose
    UNION ALL SELECT m.serial, false FROM ${s}.membership m WHERE m.lot = w.node AND NOT w.rose
    UNION ALL SELECT c.unit, true FROM ${s}.containment c WHERE c.held = w.node
    UNION ALL SELECT c.held, false FROM ${s}.containment c WHERE c.unit = w.node AND NOT w.rose
    UNION ALL
    SELECT far.node, false FROM ${s}.incidence near
    JOIN ${s}.incidence run ON run.fact = near.fact JOIN ${s}.nodes t ON t.node = run.node AND t.class = 'transformation'
    JOIN ${s}.incidence part ON part.node = t.node JOIN ${s}.incidence far ON far.fact = part.fact
    WHERE near.node = w.node
      AND (w.way = 'forward' AND near.enters AND far.leaves OR w.way = 'back' AND near.leaves AND far.enters)
  ) e(node, rose)
)
SELECT DISTINCT node FROM walk`;

/** All that these units ever held. */
const EVER_IN = (s: string): string => `
WITH RECURSIVE down(node) AS (
  SELECT n.node FROM ${s}.nodes n WHERE n.class = 'thing' AND n.id = ANY ($1::text[])
  UNION
  SELECT c.held FROM down JOIN ${s}.containment c ON c.unit = down.node
)
SELECT node FROM down`;

const THINGS_IN = (s: string): string => `SELECT node FROM ${s}.nodes WHERE class = 'thing' AND id = ANY ($1::text[])`;

const PARKED = (s: string): string => `
SELECT p.id, array_agg(DISTINCT p.event_id ORDER BY p.event_id) AS events FROM ${s}.parked p
WHERE ($1::text IS NULL OR p.recorded_at <= $1) GROUP BY p.id`;

/** All facts go to one owner: they are folded together. */
const EVERYTHING = '0';

const partiesIn = (happenings: readonly Happening[]): Set<string> =>
  new Set(
    happenings
      .flatMap((h) => [h.source?.owning, h.source?.possessing, h.destination?.owning, h.destination?.possessing])
      .filter((id) => id !== undefined),
  );

const unitsUsed = (happenings: readonly Happening[]): string[] => [
  ...new Set(
    happenings
      .filter((h) => h.verb === 'transform' || h.verb === 'ship')
      .flatMap((h) => [...h.things, ...(h.outputs ?? [])])
      .flatMap((thing) => (thing.kind === 'unit' ? [thing.id] : [])),
  ),
];

/** What left or arrived together: a shipment is told with all it carried, whichever of its lots was asked for. */
const shippedTogether = (happenings: readonly Happening[]): string[] => [
  ...new Set(
    happenings
      .filter((h) => h.verb === 'ship' || h.verb === 'receive' || h.verb === 'unship')
      .flatMap((h) => h.things.map((thing) => thing.id)),
  ),
];

/**
 * The graph around some starts as it was known at a position, or as it stood at an event time: nothing derived is read, the
 * facts up to the cut of whatever can be reached are folded anew, in memory.
 * @param starts canonical ids; the graph answers only for what can be reached from them.
 * @param punctuality where given, discrepancies tell what was overdue.
 */
export const cutGraph = async (
  client: Queryable,
  schema: string,
  starts: readonly string[],
  position: string,
  cut: Cut,
  punctuality?: Punctuality,
): Promise<TraceGraph> => {
  const aliases = await readAliasesAt(client, schema, cut);
  const reachable = await client.query<{ node: string }>(REACHABLE(schema), [starts]);
  const nodes = reachable.rows.map(({ node }) => ({ owner: EVERYTHING, node }));
  const near = (await readFacts(client, schema, nodes, cut)).get(EVERYTHING) ?? [];
  // A unit that is used or shipped stands for what it held, whoever packed that.
  const inside = await client.query<{ node: string }>(EVER_IN(schema), [unitsUsed(near)]);
  const contents = inside.rows.map(({ node }) => ({ owner: EVERYTHING, node }));
  const beside = await client.query<{ node: string }>(THINGS_IN(schema), [shippedTogether(near)]);
  const companions = beside.rows.map(({ node }) => ({ owner: EVERYTHING, node }));
  const facts = (await readFacts(client, schema, [...nodes, ...contents, ...companions], cut)).get(EVERYTHING) ?? [];
  // A production date is judged against those of the inputs, which a walk forward does not reach.
  const inputs = [...new Set(facts.flatMap((h) => (h.outputs === undefined ? [] : h.things.map((t) => t.id))))];
  const named = await client.query<{ node: string }>(THINGS_IN(schema), [inputs]);
  const dating = await readDatingFacts(
    client,
    schema,
    named.rows.map(({ node }) => ({ owner: EVERYTHING, node })),
    cut,
  );
  const seen = new Set(facts.map((h) => `${h.logId} ${h.verb}`));
  const happenings = [
    ...facts,
    ...(dating.get(EVERYTHING) ?? [])
      .filter((h) => !seen.has(`${h.logId} ${h.verb}`))
      .map((h): Happening => ({ ...h, verb: 'dates', things: [], outputs: [] })),
  ].map((h) => resolved(h, aliases));
  const places = placesIn(happenings);
  const known = await readMasterData(client, schema, { places, items: itemsIn(happenings) }, cut);
  const owners = [...places].flatMap((id) => known.place(id)?.party ?? []);
  const parties = new Set([...partiesIn(happenings), ...owners]);
  const master = await readMasterData(client, schema, { places, items: itemsIn(happenings), parties }, cut);
  const parked = await client.query<{ id: string; events: string[] }>(PARKED(schema), [cut.position ?? null]);
  return graphOf(happenings, master, {
    position,
    parked: new Map(parked.rows.map(({ id, events }) => [aliases.get(id) ?? id, events])),
    ...(cut.eventTimeTo !== undefined && { eventTimeTo: cut.eventTimeTo }),
    ...(punctuality !== undefined && {
      overdue: { now: punctuality.now, isOurs: isOursBy(punctuality.ours, master) },
    }),
  });
};
