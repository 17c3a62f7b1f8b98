/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes into dense arrays of known length */
import { dimensionOf, nodesOf, valueOf, type Inflow, type Node } from './exposure-nodes.js';
import type { LotNode } from './graph.js';
import { solve, type Equations } from './fixed-point.js';
import type { ReachedGraph } from './reached-graph.js';
import type { PackedEdges } from './strongly-connected.js';

/** φ of one lot; null where it cannot be known, with the reason. */
export interface Share {
  share: number | null;
  why?: string;
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

/** Where each node's share goes; amounts of zero carry nothing. */
const outflows = (nodes: readonly Node[]): PackedEdges => {
  const starts = new Int32Array(nodes.length + 1);
  for (const { inflows } of nodes) for (const { from, value } of inflows) if (value !== 0) starts[from + 1]! += 1;
  for (let i = 0; i < nodes.length; i++) starts[i + 1]! += starts[i]!;
  const to = new Int32Array(starts[nodes.length]!);
  const next = starts.slice();
  nodes.forEach(({ inflows }, i) => {
    for (const { from, value } of inflows) if (value !== 0) to[next[from]!++] = i;
  });
  return { starts, to };
};

/** Nodes that anything of the suspects can have come into. */
const carriers = (nodes: readonly Node[], { starts, to }: PackedEdges): Uint8Array => {
  const carries = new Uint8Array(nodes.length);
  const queue: number[] = [];
  const reach = (i: number): void => {
    if (carries[i] === 1) return;
    carries[i] = 1;
    queue.push(i);
  };
  nodes.forEach((node, i) => {
    if (node.suspect || node.suspectPieces > 0) reach(i);
  });
  for (let i = queue.pop(); i !== undefined; i = queue.pop())
    for (let e = starts[i]!; e < starts[i + 1]!; e++) reach(to[e]!);
  return carries;
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
const doubts = (nodes: readonly Node[], carries: Uint8Array, out: PackedEdges): (string | undefined)[] => {
  const why = nodes.map((node, i) => (carries[i] === 1 ? doubtOf(node, carries) : undefined));
  let spreading = why.flatMap((reason, i) => (reason === undefined ? [] : [i]));
  while (spreading.length > 0) {
    const reached = new Map<number, string>();
    for (const i of spreading)
      for (let e = out.starts[i]!; e < out.starts[i + 1]!; e++) {
        const to = out.to[e]!;
        const reason = why[i]!;
        if (why[to] !== undefined || nodes[to]!.suspect) continue;
        const known = reached.get(to);
        if (known === undefined || reason < known) reached.set(to, reason);
      }
    for (const [to, reason] of reached) why[to] = reason;
    spreading = [...reached.keys()];
  }
  return why;
};

const equationsOf = (nodes: readonly Node[], carries: Uint8Array, why: readonly (string | undefined)[]): Equations => {
  const constant = new Float64Array(nodes.length);
  const starts = new Int32Array(nodes.length + 1);
  const to: number[] = [];
  const weight: number[] = [];
  nodes.forEach(({ total, inflows, suspect, suspectPieces, sole }, i) => {
    if (suspect) constant[i] = 1;
    else if (carries[i] === 1 && why[i] === undefined) {
      const suspectPart = suspectPieces === 0 ? 0 : Math.min(1, suspectPieces / total);
      constant[i] = suspectPart;
      for (const { from, value } of inflows) {
        if (carries[from] !== 1 || value === 0) continue;
        to.push(from);
        weight.push(sole ? 1 : ((value ?? 0) / total) * (1 - suspectPart));
      }
    }
    starts[i + 1] = to.length;
  });
  return { constant, starts, to: Int32Array.from(to), weight: Float64Array.from(weight) };
};

/**
 * φ, the share of suspect material, of every lot reached (docs/trace.md, *φ*). Suspects have φ = 1; a
 * transformation the average of its inputs in the dimension of its outputs; a lot the average of what it was filled with,
 * where what came from elsewhere counts with φ = 0. Loops are a fixed point. Where an input or filling that carries
 * anything has no quantity or is counted in another dimension, φ is unknown, and so is all that was made of it.
 */
export const sharesOf = (graph: ReachedGraph): Map<string, Share> => {
  const { nodes, lotNumber } = nodesOf(graph);
  const out = outflows(nodes);
  const carries = carriers(nodes, out);
  for (const [id, lot] of graph.lots) {
    const node = nodes[lotNumber.get(id) ?? -1];
    if (node !== undefined) weigh(lot, node, graph.filledElsewhere.has(id), carries);
  }
  const why = doubts(nodes, carries, out);
  const x = solve(equationsOf(nodes, carries, why));
  const shares = new Map<string, Share>();
  for (const [id, i] of lotNumber) {
    const reason = why[i];
    shares.set(id, reason === undefined ? { share: Math.min(1, x[i] ?? 0) } : { share: null, why: reason });
  }
  return shares;
};
