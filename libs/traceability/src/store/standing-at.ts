import { type Aliases, resolved } from './aliases.js';
import type { Cut } from './cut.js';
import { standingOf } from './derive/derive.js';
import { itemsIn, placesIn } from './fold.js';
import { type MasterDataState } from '../master-data/index.js';
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

/** What lots are folded from as they stood at a cut. */
export interface StandingAt {
  /** The names they had then, each once. */
  names: readonly string[];
  standing: ReturnType<typeof standingOf>;
  master: MasterDataState;
}

/**
 * Reads the facts of lots as they were known at a cut; nothing derived is read.
 * @param ids under any name that they have or had.
 * @param aliases all of that cut (`readAliasesAt`).
 */
export const readStandingAt = async (
  client: Queryable,
  schema: string,
  ids: readonly string[],
  cut: Cut,
  aliases: Aliases,
): Promise<StandingAt> => {
  const { rows } = await client.query<{ node: string; id: string }>(NAMED(schema), [ids]);
  const nodes = rows.map(({ node }) => ({ owner: TOGETHER, node }));
  const facts = (await readFacts(client, schema, nodes, cut)).get(TOGETHER) ?? [];
  const happenings = facts.map((h) => resolved(h, aliases));
  const wanted = { places: placesIn(happenings), items: itemsIn(happenings) };
  const master = await readMasterData(client, schema, wanted, cut);
  return {
    names: [...new Set(rows.map(({ id }) => aliases.get(id) ?? id))],
    standing: standingOf(happenings, master),
    master,
  };
};
