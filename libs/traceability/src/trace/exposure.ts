import { dimensionOf, nodesOf, valueOf, type Inflow, type Node } from './exposure-nodes.js';
import type { Leg, LotNode, Membership, TransformationNode } from './graph.js';
import { solve, type Equation } from './fixed-point.js';

/** φ of one lot; null where it cannot be known, with the reason. */
export interface Share {
  share: number | null;
  why?: string;
}

/** What was reached from the suspects, as the walk found it. */
export interface ReachedGraph {
  suspects: ReadonlySet<string>;
  /** Every lot reached, suspects too. */
  lots: ReadonlyMap<string, LotNode>;
  transformations: readonly TransformationNode[];
  memberships: readonly Membership[];
  /** Lots that transformations outside of these fill too: known by amounts, except where none is stated. */
  filledElsewhere: ReadonlySet<string>;
  /** Whether a leg carries the suspect material; `respectTime` says no for some. Default: every leg of a reached lot. */
  follows?: (transformation: TransformationNode, side: 'input' | 'output', leg: Leg) => boolean;
}

/** Sums by dimension, small enough that a list is faster than a map. */
const addAmount = (sums: { dimension: string; value: number }[], dimension: string, value: number): void => {
  const sum = sums.find((s) => s.dimension === dimension);
  if (sum === undefined) sums.push({ dimension, value });
  else sum.value += value;
};

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** Decides what a lot's inflows are weighed in, and how much there is in all. */
const weigh = (lot: LotNode, node: Node, filledElsewhere: boolean, carries: Uint8Array): void => {
  const totals: { dimension: string; value: number }[] = [];
  for (const amount of lot.made) addAmount(totals, dimensionOf(amount), valueOf(amount));
  for (const amount of lot.received) addAmount(totals, dimensionOf(amount), valueOf(amount));
  const own: { dimension: string; value: number }[] = [];
  let dimension: string | undefined = node.suspectPieces > 0 ? 'count' : undefined;
  let several = false;
  for (const { from, value, dimension: d } of node.inflows) {
    if (value === undefined || d === undefined) continue;
    addAmount(own, d, value);
    if (carries[from] !== 1 || value === 0) continue;
    several ||= dimension !== undefined && dimension !== d;
    dimension = d;
  }
  const ownIn = (d: string): number => own.find((o) => o.dimension === d)?.value ?? 0;
  const others = totals.some((t) => t.value > 0 && !near(t.value, ownIn(t.dimension)));
  node.sole =
    node.inflows.length === 1 && node.suspectPieces === 0 && !filledElsewhere && (lot.kind === 'serial' || !others);
  if (dimension === undefined || several) return;
  const total = totals.find((t) => t.dimension === dimension)?.value;
  // Pieces say nothing of a lot that is recorded by weight only.
  if (totals.length > 0 && total === undefined) return;
  node.dimension = dimension;
  node.total = Math.max(total ?? 0, ownIn(dimension));
};

/** Nodes that anything of the suspects can have come into; amounts of zero carry nothing. */
const carriers = (nodes: readonly Node[]): { carries: Uint8Array; out: number[][] } => {
  const out: number[][] = nodes.map(() => []);
  nodes.forEach((node, i) => {
    for (const { from, value } of node.inflows) if (value !== 0) out[from]?.push(i);
  });
  const carries = new Uint8Array(nodes.length);
  const queue = nodes.flatMap((node, i) => (node.suspect || node.suspectPieces > 0 ? [i] : []));
  for (const i of queue) carries[i] = 1;
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const to of out[next] ?? [])
      if (carries[to] !== 1) {
        carries[to] = 1;
        queue.push(to);
      }
  return { carries, out };
};

const labelOf = ({ as, lot, of }: Inflow): string => {
  switch (as) {
    case 'input':
      return `input ${lot} of transformation ${of}`;
    case 'filling':
      return `filling of lot ${lot} by ${of}`;
    case 'piece':
      return `piece ${lot} of lot ${of}`;
    case 'lot':
      return `lot ${lot} of piece ${of}`;
  }
};

/** Why the share of this node cannot be known from its own inflows; undefined where it can. */
const doubtOf = (node: Node, carries: Uint8Array): string | undefined => {
  if (node.suspect || node.sole) return undefined;
  const doubts: string[] = [];
  for (const inflow of node.inflows) {
    const { from, value, dimension } = inflow;
    if (carries[from] !== 1 || value === 0) continue;
    if (value === undefined) doubts.push(`${labelOf(inflow)} has no quantity`);
    else if (dimension !== node.dimension)
      doubts.push(
        `${labelOf(inflow)} is counted in another dimension (${dimension}${node.dimension ? `, not ${node.dimension}` : ''})`,
      );
  }
  if (node.suspectPieces > 0 && node.dimension !== 'count')
    doubts.push('a lot that is not counted in pieces has suspect pieces');
  return doubts.sort()[0];
};

/** Doubts, and what they spread to: of several the one from nearest, and among these the first by text. */
const doubts = (
  nodes: readonly Node[],
  carries: Uint8Array,
  out: readonly (readonly number[])[],
): (string | undefined)[] => {
  const why = nodes.map((node, i) => (carries[i] === 1 ? doubtOf(node, carries) : undefined));
  let spreading = why.flatMap((reason, i) => (reason === undefined ? [] : [i]));
  while (spreading.length > 0) {
    const reached = new Map<number, string>();
    for (const i of spreading)
      for (const to of out[i] ?? []) {
        const reason = why[i] ?? '';
        if (why[to] !== undefined || nodes[to]?.suspect === true) continue;
        const known = reached.get(to);
        if (known === undefined || reason < known) reached.set(to, reason);
      }
    for (const [to, reason] of reached) why[to] = reason;
    spreading = [...reached.keys()];
  }
  return why;
};

const equationOf = (node: Node, carries: Uint8Array): Equation => {
  const { total, inflows, suspectPieces, sole } = node;
  const suspectPart = suspectPieces === 0 ? 0 : Math.min(1, suspectPieces / total);
  const terms: { of: number; weight: number }[] = [];
  for (const { from, value } of inflows)
    if (carries[from] === 1 && value !== 0)
      terms.push({ of: from, weight: sole ? 1 : ((value ?? 0) / total) * (1 - suspectPart) });
  return { constant: suspectPart, terms };
};

const KNOWN = (constant: number): Equation => ({ constant, terms: [] });

/**
 * φ, the share of suspect material, of every lot reached (design section 6, *Exposure*). Suspects have φ = 1; a
 * transformation the average of its inputs in the dimension of its outputs; a lot the average of what it was filled with,
 * where what came from elsewhere counts with φ = 0. Loops are a fixed point. Where an input or filling that carries
 * anything has no quantity or is counted in another dimension, φ is unknown, and so is all that was made of it.
 */
export const sharesOf = (graph: ReachedGraph): Map<string, Share> => {
  const { nodes, lotNumber } = nodesOf(graph);
  const { carries, out } = carriers(nodes);
  for (const [id, lot] of graph.lots) {
    const node = nodes[lotNumber.get(id) ?? -1];
    if (node !== undefined) weigh(lot, node, graph.filledElsewhere.has(id), carries);
  }
  const why = doubts(nodes, carries, out);
  const x = solve(
    nodes.map((node, i) => {
      if (node.suspect) return KNOWN(1);
      return carries[i] !== 1 || why[i] !== undefined ? KNOWN(0) : equationOf(node, carries);
    }),
  );
  const shares = new Map<string, Share>();
  for (const [id, i] of lotNumber) {
    const reason = why[i];
    shares.set(id, reason === undefined ? { share: Math.min(1, x[i] ?? 0) } : { share: null, why: reason });
  }
  return shares;
};
