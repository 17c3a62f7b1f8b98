import type { Supplier } from './answer.js';
import type { InferredMovement, LotNode, ShipmentNode, TraceGraph } from './graph.js';
import { compareText } from './grouping.js';

interface Given {
  party: string;
  lot: string;
  inferred: boolean;
}

/**
 * Who gave what was reached going back: parties in whose places it was made or who sent it from outside, senders of its
 * shipments, and those from whom it moved without a record, marked so. What happened to the start itself after it was
 * made says nothing of where it came from.
 */
export const suppliersOf = async (
  lots: readonly LotNode[],
  /** Starts that a transformation made. */
  madeStarts: ReadonlySet<string>,
  shipments: readonly ShipmentNode[],
  inferred: readonly InferredMovement[],
  ours: ReadonlySet<string>,
  graph: TraceGraph,
): Promise<Supplier[]> => {
  const of = new Set(lots.map((lot) => lot.id).filter((id) => !madeStarts.has(id)));
  const given: Given[] = [
    ...lots.flatMap((lot) =>
      madeStarts.has(lot.id) ? [] : (lot.origins ?? []).map((party) => ({ party, lot: lot.id, inferred: false })),
    ),
    ...shipments.flatMap(({ sender, consignee, lots: rows }) =>
      sender === null || sender === consignee ? [] : rows.map(({ lot }) => ({ party: sender, lot, inferred: false })),
    ),
    ...inferred.flatMap(({ fromParty, toParty, lot }) =>
      fromParty === null || fromParty === toParty ? [] : [{ party: fromParty, lot, inferred: true }],
    ),
  ].filter(({ lot, party }) => of.has(lot) && !ours.has(party));

  const recorded = new Set(given.flatMap((g) => (g.inferred ? [] : [g.party])));
  const suppliers = new Map<string, Set<string>>();
  for (const { party, lot } of given) suppliers.set(party, (suppliers.get(party) ?? new Set()).add(lot));
  const names = new Map((await graph.parties([...suppliers.keys()])).map((p) => [p.id, p.name]));
  return [...suppliers]
    .map(([id, from]) => ({
      id,
      name: names.get(id) ?? null,
      lots: [...from].sort(),
      ...(!recorded.has(id) && { inferred: true as const }),
    }))
    .sort((a, b) => compareText(a.id, b.id));
};
