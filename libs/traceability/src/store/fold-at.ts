import type { Cut } from './cut.js';
import { type Aliases, resolved } from './aliases.js';
import { type DerivedLot, deriveLot, standingOf } from './derive/derive.js';
import { itemsIn, placesIn } from './fold.js';
import { readMasterData } from './master-data.js';
import { readFacts } from './read-facts.js';
import type { Queryable } from './unnest.js';

/** These, and all that ever went by one name with them. */
const NAMED = (s: string): string => `
WITH RECURSIVE named(node) AS (
  SELECT n.node FROM ${s}.nodes n WHERE n.class = 'thing' AND n.id = ANY ($1::text[])
  UNION
  SELECT e.b FROM named JOIN ${s}.same e ON e.a = named.node
)
SELECT n.node, n.id FROM named JOIN ${s}.nodes n USING (node)`;

/** All facts go to one owner: they are folded together. */
const TOGETHER = '0';

/**
 * Folds lots from the facts as they were known at a position, or as far as they had happened by an event time; nothing
 * derived is read. Dates that follow from other lots have no part in it.
 * @param ids as they go by now, or went by then.
 * @param aliases all of that cut (`readAliasesAt`): one question may fold lots several times.
 * @returns those that something stands of at the cut, each once under its name of then.
 */
export const foldLotsAt = async (
  client: Queryable,
  schema: string,
  ids: readonly string[],
  cut: Cut,
  aliases: Aliases,
): Promise<DerivedLot[]> => {
  if (ids.length === 0) return [];
  const { rows: nodes } = await client.query<{ node: string; id: string }>(NAMED(schema), [ids]);
  const facts = await readFacts(
    client,
    schema,
    nodes.map(({ node }) => ({ owner: TOGETHER, node })),
    cut,
  );
  const happenings = (facts.get(TOGETHER) ?? []).map((h) => resolved(h, aliases));
  const wanted = { places: placesIn(happenings), items: itemsIn(happenings) };
  const standing = standingOf(happenings, await readMasterData(client, schema, wanted, cut));
  const names = new Set(nodes.map(({ id }) => aliases.get(id) ?? id));
  return [...names].map((id) => deriveLot(id, standing, new Map())).filter((lot) => lot.known);
};
