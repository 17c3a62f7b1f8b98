import { baseOf, type Amount } from '#kernel';
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

interface Quantity {
  value: number;
  dimension: string;
}

// Floating point lives here and nowhere else: shares are ratios, amounts stay exact.
const quantity = (amount: Amount | undefined): Quantity | undefined => {
  if (amount === undefined) return undefined;
  const { dimension, factor } = baseOf(amount.unit);
  return { value: Number(amount.value) * Number(factor), dimension };
};

/** What flows into one node: a transformation, seen in one dimension of its outputs, or a lot. */
interface Inflow {
  from: number;
  quantity: Quantity | undefined;
  /** How the reason names it. */
  label: string;
}

interface Node {
  /** What it weighs its inflows in; undefined where that cannot be told. */
  dimension: string | undefined;
  inflows: Inflow[];
  /** Everything that flows in, in its dimension, also what carries nothing of the suspects. */
  total: number;
  /** One inflow and nothing else: it takes its share, whatever its quantity. */
  sole: boolean;
  suspect: boolean;
  label: string;
  /** Suspect pieces among the `total`: they count with φ = 1, the rest with the average. */
  suspectPieces: number;
}

/** Dimension in which outputs without quantity are seen: that of the other outputs, else of the inputs, if it is one. */
const defaultDimension = (t: TransformationNode): string | undefined => {
  for (const legs of [t.outputs, t.inputs]) {
    const dimensions = new Set(legs.flatMap((leg) => quantity(leg.amount)?.dimension ?? []));
    if (dimensions.size > 0) return dimensions.size === 1 ? [...dimensions][0] : undefined;
  }
  return undefined;
};

const filled = (lot: LotNode): Map<string, number> => {
  const totals = new Map<string, number>();
  for (const amount of [...lot.made, ...lot.received]) {
    const q = quantity(amount);
    if (q !== undefined) totals.set(q.dimension, (totals.get(q.dimension) ?? 0) + q.value);
  }
  return totals;
};

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** The equations' nodes: one a lot, and one a transformation and dimension that any reached output is seen in. */
const nodesOf = (graph: ReachedGraph): { nodes: Node[]; lotNumber: Map<string, number> } => {
  const follows = graph.follows ?? (() => true);
  const nodes: Node[] = [];
  const lotNumber = new Map<string, number>();
  for (const id of graph.lots.keys()) {
    lotNumber.set(id, nodes.length);
    nodes.push({
      dimension: undefined,
      inflows: [],
      total: 0,
      sole: false,
      suspect: graph.suspects.has(id),
      label: `lot ${id}`,
      suspectPieces: 0,
    });
  }
  for (const t of graph.transformations) {
    const inputs = t.inputs.map((leg) => {
      const from = leg.kind === 'pool' || !follows(t, 'input', leg) ? undefined : lotNumber.get(leg.lot);
      return { leg, from, quantity: quantity(leg.amount) };
    });
    const otherwise = defaultDimension(t);
    const byDimension = new Map<string | undefined, number>();
    for (const output of t.outputs) {
      const to = output.kind === 'pool' || !follows(t, 'output', output) ? undefined : lotNumber.get(output.lot);
      if (to === undefined) continue;
      const made = quantity(output.amount);
      const dimension = made?.dimension ?? otherwise;
      let number = byDimension.get(dimension);
      if (number === undefined) {
        number = nodes.length;
        byDimension.set(dimension, number);
        nodes.push({
          dimension,
          inflows: inputs.flatMap(({ leg, from, quantity: q }) =>
            from === undefined ? [] : [{ from, quantity: q, label: `input ${leg.lot} of transformation ${t.id}` }],
          ),
          total: inputs.reduce((sum, { quantity: q }) => (q && q.dimension === dimension ? sum + q.value : sum), 0),
          sole: false,
          suspect: false,
          label: `transformation ${t.id}`,
          suspectPieces: 0,
        });
      }
      nodes[to]?.inflows.push({ from: number, quantity: made, label: `filling of lot ${output.lot} by ${t.id}` });
    }
  }
  return { nodes, lotNumber };
};

const PIECE: Quantity = { value: 1, dimension: 'count' };

/**
 * A serial that no reached transformation made is as its lot; a lot that none made is as its pieces. A lot that was made
 * itself is not counted again by its pieces, but suspect pieces in it count as what they are.
 */
const joinMembers = (graph: ReachedGraph, nodes: Node[], lotNumber: ReadonlyMap<string, number>): void => {
  const made = new Set(nodes.flatMap((node, i) => (node.inflows.length > 0 ? [i] : [])));
  for (const { serial, lot } of graph.memberships) {
    const s = lotNumber.get(serial);
    const l = lotNumber.get(lot);
    if (s === undefined || l === undefined) continue;
    const [piece, whole] = [nodes[s], nodes[l]];
    if (piece === undefined || whole === undefined) continue;
    if (piece.suspect || made.has(s)) {
      if (!made.has(l)) whole.inflows.push({ from: s, quantity: PIECE, label: `piece ${serial}` });
      else if (piece.suspect) whole.suspectPieces++;
    } else if (piece.inflows.length === 0)
      piece.inflows.push({ from: l, quantity: PIECE, label: `lot ${lot} of ${serial}` });
  }
};

/** Decides for each lot what its inflows are weighed in, and how much there is in all. */
const weigh = (
  graph: ReachedGraph,
  nodes: Node[],
  lotNumber: ReadonlyMap<string, number>,
  carries: Uint8Array,
): void => {
  for (const [id, lot] of graph.lots) {
    const node = nodes[lotNumber.get(id) ?? -1];
    if (node === undefined) continue;
    const totals = filled(lot);
    const own = new Map<string, number>();
    for (const { quantity: q } of node.inflows)
      if (q !== undefined) own.set(q.dimension, (own.get(q.dimension) ?? 0) + q.value);
    const others = [...totals].some(([dimension, total]) => !near(total, own.get(dimension) ?? 0) && total > 0);
    const isSerial = lot.kind === 'serial';
    const elsewhere = graph.filledElsewhere.has(id);
    node.sole = node.inflows.length === 1 && node.suspectPieces === 0 && !elsewhere && (isSerial || !others);
    const dimensions = new Set(
      node.inflows.flatMap((f) =>
        carries[f.from] && f.quantity && f.quantity.value > 0 ? [f.quantity.dimension] : [],
      ),
    );
    if (node.suspectPieces > 0) dimensions.add('count');
    const [dimension] = dimensions;
    // Pieces say nothing of a lot that is recorded by weight only.
    const comparable = dimension !== undefined && (totals.size === 0 || totals.has(dimension));
    node.dimension = dimensions.size === 1 && comparable ? dimension : undefined;
    if (dimension !== undefined) node.total = Math.max(totals.get(dimension) ?? 0, own.get(dimension) ?? 0);
  }
};

/** Nodes that anything of the suspects can have come into; amounts of zero carry nothing. */
const carriers = (nodes: readonly Node[]): { carries: Uint8Array; out: number[][] } => {
  const out: number[][] = nodes.map(() => []);
  nodes.forEach((node, i) => {
    for (const { from, quantity: q } of node.inflows) if (q === undefined || q.value > 0) out[from]?.push(i);
  });
  const carries = new Uint8Array(nodes.length);
  const queue = nodes.flatMap((node, i) => (node.suspect || node.suspectPieces > 0 ? [i] : []));
  for (const i of queue) carries[i] = 1;
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const to of out[next] ?? [])
      if (!carries[to]) {
        carries[to] = 1;
        queue.push(to);
      }
  return { carries, out };
};

/** Why the share of this node cannot be known from its own inflows; undefined where it can. */
const doubtOf = (node: Node, carries: Uint8Array): string | undefined => {
  if (node.suspect || node.sole) return undefined;
  const doubts: string[] = [];
  for (const { from, quantity: q, label } of node.inflows) {
    if (!carries[from] || q?.value === 0) continue;
    if (q === undefined) doubts.push(`${label} has no quantity`);
    else if (q.dimension !== node.dimension)
      doubts.push(
        `${label} is counted in another dimension (${q.dimension}${node.dimension ? `, not ${node.dimension}` : ''})`,
      );
  }
  if (node.suspectPieces > 0 && node.dimension !== 'count')
    doubts.push(`${node.label} has suspect pieces but is not counted in pieces`);
  return doubts.sort()[0];
};

/**
 * φ, the share of suspect material, of every lot reached (design section 6, *Exposure*). Suspects have φ = 1; a
 * transformation the average of its inputs in the dimension of its outputs; a lot the average of what it was filled with,
 * where what came from elsewhere counts with φ = 0. Loops are a fixed point. Where an input or filling that carries
 * anything has no quantity or is counted in another dimension, φ is unknown, and so is all that was made of it.
 */
export const sharesOf = (graph: ReachedGraph): Map<string, Share> => {
  const { nodes, lotNumber } = nodesOf(graph);
  joinMembers(graph, nodes, lotNumber);
  const { carries, out } = carriers(nodes);
  weigh(graph, nodes, lotNumber, carries);

  const why: (string | undefined)[] = nodes.map((node, i) => (carries[i] ? doubtOf(node, carries) : undefined));
  let spreading = nodes.flatMap((_, i) => (why[i] === undefined ? [] : [i]));
  while (spreading.length > 0) {
    const reached = new Map<number, string>();
    for (const i of spreading)
      for (const to of out[i] ?? []) {
        const reason = why[i] ?? '';
        if (why[to] !== undefined || nodes[to]?.suspect || (reached.get(to) ?? '\uffff') <= reason) continue;
        reached.set(to, reason);
      }
    for (const [to, reason] of reached) why[to] = reason;
    spreading = [...reached.keys()];
  }

  const x = solve(
    nodes.map((node, i): Equation => {
      if (node.suspect) return { constant: 1, terms: [] };
      if (!carries[i] || why[i] !== undefined) return { constant: 0, terms: [] };
      const { total } = node;
      const suspectPart = node.suspectPieces === 0 ? 0 : Math.min(1, node.suspectPieces / total);
      return {
        constant: suspectPart,
        terms: node.inflows.flatMap(({ from, quantity: q }) => {
          if (!carries[from] || q?.value === 0) return [];
          return [{ of: from, weight: node.sole ? 1 : ((q?.value ?? 0) / total) * (1 - suspectPart) }];
        }),
      };
    }),
  );
  const shares = new Map<string, Share>();
  for (const [id, i] of lotNumber) {
    const reason = why[i];
    shares.set(id, reason === undefined ? { share: Math.min(1, x[i] ?? 0) } : { share: null, why: reason });
  }
  return shares;
};
