import { baseOf, type Amount } from '#kernel';
import type { ReachedGraph } from './reached-graph.js';
import type { Leg, TransformationNode } from './graph.js';

/** What flows into one node: from a transformation, seen in one dimension of its outputs, or from a lot. */
export interface Inflow {
  /** Number of the node it comes from. */
  from: number;
  /** In the base unit of its dimension; both are absent where no quantity was stated. */
  value: number | undefined;
  dimension: string | undefined;
  /** What to name where this inflow is the reason that a share is unknown. */
  as: 'input' | 'filling' | 'piece' | 'lot';
  lot: string;
  of: string;
}

export interface Node {
  /** What it weighs its inflows in; undefined where that cannot be told. */
  dimension: string | undefined;
  inflows: Inflow[];
  /** Everything that flows in, in its dimension, also what carries nothing of the suspects. */
  total: number;
  /** One inflow and nothing else: it takes its share, whatever its quantity. */
  sole: boolean;
  suspect: boolean;
  /** Suspect pieces among the `total`: they count with φ = 1, the rest with the average. */
  suspectPieces: number;
}

export interface Nodes {
  nodes: Node[];
  lotNumber: ReadonlyMap<string, number>;
}

// Floating point begins here and stays within the shares: amounts are exact everywhere else.
export const valueOf = (amount: Amount): number => Number(amount.value) * Number(baseOf(amount.unit).factor);
export const dimensionOf = (amount: Amount): string => baseOf(amount.unit).dimension;

/** The one dimension of legs; undefined where they have none or several. */
const dimensionOfLegs = (legs: readonly Leg[]): { stated: boolean; one: string | undefined } => {
  let one: string | undefined;
  let stated = false;
  for (const { amount } of legs) {
    if (amount === undefined) continue;
    const dimension = dimensionOf(amount);
    if (stated && dimension !== one) return { stated, one: undefined };
    stated = true;
    one = dimension;
  }
  return { stated, one };
};

/** Dimension in which outputs without quantity are seen: that of the other outputs, else of the inputs, if it is one. */
const defaultDimension = (t: TransformationNode): string | undefined => {
  const outputs = dimensionOfLegs(t.outputs);
  return outputs.stated ? outputs.one : dimensionOfLegs(t.inputs).one;
};

const inflow = (from: number, amount: Amount | undefined, as: Inflow['as'], lot: string, of: string): Inflow => ({
  from,
  value: amount === undefined ? undefined : valueOf(amount),
  dimension: amount === undefined ? undefined : dimensionOf(amount),
  as,
  lot,
  of,
});

/** The equations' nodes: one a lot, and one a transformation and dimension that any reached output is seen in. */
export const nodesOf = (graph: ReachedGraph): Nodes => {
  const nodes: Node[] = [];
  const add = (dimension: string | undefined, inflows: Inflow[], total: number, suspect: boolean): number =>
    nodes.push({ dimension, inflows, total, sole: false, suspect, suspectPieces: 0 }) - 1;
  const lotNumber = new Map<string, number>();
  for (const id of graph.lots.keys()) lotNumber.set(id, add(undefined, [], 0, graph.suspects.has(id)));
  const numberOf = (t: TransformationNode, side: 'input' | 'output', leg: Leg): number | undefined =>
    leg.kind === 'pool' || graph.follows?.(t, side, leg) === false ? undefined : lotNumber.get(leg.lot);

  const seenIn = (t: TransformationNode, dimension: string | undefined): number => {
    const inflows: Inflow[] = [];
    let total = 0;
    for (const leg of t.inputs) {
      if (leg.amount !== undefined && dimensionOf(leg.amount) === dimension) total += valueOf(leg.amount);
      const from = numberOf(t, 'input', leg);
      if (from !== undefined) inflows.push(inflow(from, leg.amount, 'input', leg.lot, t.id));
    }
    return add(dimension, inflows, total, false);
  };
  for (const t of graph.transformations) {
    const seen = new Map<string | undefined, number>();
    for (const output of t.outputs) {
      const to = numberOf(t, 'output', output);
      if (to === undefined) continue;
      const dimension = output.amount === undefined ? defaultDimension(t) : dimensionOf(output.amount);
      const from = seen.get(dimension) ?? seenIn(t, dimension);
      seen.set(dimension, from);
      nodes[to]?.inflows.push(inflow(from, output.amount, 'filling', output.lot, t.id));
    }
  }
  joinMembers(graph, nodes, lotNumber);
  return { nodes, lotNumber };
};

const PIECE: Amount = { value: '1', unit: 'EA' };

/**
 * A serial that no reached transformation made is as its lot; a lot that none made is as its pieces. A lot that was made
 * itself is not counted again by its pieces, but suspect pieces in it count as what they are.
 */
const joinMembers = (graph: ReachedGraph, nodes: readonly Node[], lotNumber: ReadonlyMap<string, number>): void => {
  if (graph.memberships.length === 0) return;
  const made = new Set(nodes.flatMap((node, i) => (node.inflows.length > 0 ? [i] : [])));
  for (const { serial, lot } of graph.memberships) {
    const [s, l] = [lotNumber.get(serial), lotNumber.get(lot)];
    if (s === undefined || l === undefined) continue;
    const [piece, whole] = [nodes[s], nodes[l]];
    if (piece === undefined || whole === undefined) continue;
    if (piece.suspect || made.has(s)) {
      if (!made.has(l)) whole.inflows.push(inflow(s, PIECE, 'piece', serial, lot));
      else if (piece.suspect) whole.suspectPieces++;
    } else if (piece.inflows.length === 0) piece.inflows.push(inflow(l, PIECE, 'lot', lot, serial));
  }
};
