import { foldLot, type Entry } from '../ledger/index.js';
import { foldedFor } from '../memory-graph/graph.js';
import { lotNode } from '../memory-graph/index.js';
import { readAliasesAt } from './aliases.js';
import { readStandingAt } from './standing-at.js';
import type { Queryable } from './unnest.js';

/** The ledger of one lot as it was known at a position. */
export interface LedgerAt {
  /** By the name it had then. */
  lot: string;
  item: string | null;
  entries: readonly Entry[];
}

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
  const { names, standing, master } = await readStandingAt(client, schema, lots, cut, aliases);
  const { incidence } = standing;
  return names.flatMap((lot) => {
    const naming = incidence.naming.get(lot) ?? [];
    const isPiece = (incidence.membershipsOf.get(lot) ?? []).some((m) => m.serial === lot);
    if (naming.length === 0 || isPiece) return [];
    const ledger = foldLot(lot, foldedFor(lot, incidence), master);
    const { item, kind } = lotNode(lot, naming, ledger, master, incidence.contentsOf.has(lot));
    return kind === 'unit' ? [] : [{ lot, item, entries: ledger.entries }];
  });
};
