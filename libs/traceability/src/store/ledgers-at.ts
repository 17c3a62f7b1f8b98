import { foldLot, type Entry } from '../ledger/index.js';
import { foldedFor } from '../memory-graph/graph.js';
import { lotNode } from '../memory-graph/index.js';
import { readAliasesAt, resolved } from './aliases.js';
import { standingOf } from './derive/derive.js';
import { itemsIn, placesIn } from './fold.js';
import { readMasterData } from './master-data.js';
import { readFacts } from './read-facts.js';
import type { Queryable } from './unnest.js';

/** The ledger of one lot as it was known at a position. */
export interface LedgerAt {
  /** By the name it had then. */
  lot: string;
  item: string | null;
  entries: readonly Entry[];
}

/** Nodes of lots under every name that they ever had. */
const NAMES = (s: string): string => `
WITH RECURSIVE name(node) AS (
  SELECT node FROM ${s}.nodes WHERE class = 'thing' AND id = ANY ($1::text[])
  UNION
  SELECT e.b FROM name JOIN ${s}.same e ON e.a = name.node
)
SELECT n.node, n.id FROM name JOIN ${s}.nodes n USING (node)`;

/** All facts go to one owner: they are folded together. */
const EVERYTHING = '0';

/**
 * Ledgers as they were known at a position: nothing derived is read, the facts up to there are folded anew. Pieces of a lot
 * have none of their own: the lot's has them.
 * @param lots ids of lots, under any name that they have or had.
 */
export const ledgersAt = async (
  client: Queryable,
  schema: string,
  lots: readonly string[],
  position: string,
): Promise<LedgerAt[]> => {
  if (lots.length === 0) return [];
  const cut = { position };
  const aliases = await readAliasesAt(client, schema, cut);
  const { rows } = await client.query<{ node: string; id: string }>(NAMES(schema), [lots]);
  const nodes = rows.map(({ node }) => ({ owner: EVERYTHING, node }));
  const facts = (await readFacts(client, schema, nodes, cut)).get(EVERYTHING) ?? [];
  const happenings = facts.map((h) => resolved(h, aliases));
  const master = await readMasterData(
    client,
    schema,
    { places: placesIn(happenings), items: itemsIn(happenings) },
    cut,
  );
  const { incidence } = standingOf(happenings, master);
  return [...new Set(rows.map(({ id }) => aliases.get(id) ?? id))].flatMap((lot) => {
    const naming = incidence.naming.get(lot) ?? [];
    const isPiece = (incidence.membershipsOf.get(lot) ?? []).some((m) => m.serial === lot);
    if (naming.length === 0 || isPiece) return [];
    const ledger = foldLot(lot, foldedFor(lot, incidence), master);
    const { item, kind } = lotNode(lot, naming, ledger, master, incidence.contentsOf.has(lot));
    return kind === 'unit' ? [] : [{ lot, item, entries: ledger.entries }];
  });
};
