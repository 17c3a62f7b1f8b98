import type { Cut, ReachedPool } from './answer.js';
import { compareText } from './grouping.js';
import type { Leg, Membership, TraceGraph, TransformationNode } from './graph.js';

export type Direction = 'back' | 'forward';

export interface WalkOptions {
  depth?: number | undefined;
  limit?: number | undefined;
}

export interface Walk {
  /** Shortest depth of every lot reached, starts too, in the order in which they were reached. */
  depths: Map<string, number>;
  /** Transformations followed, with the depth of the lots they were reached from. */
  transformations: Map<string, { node: TransformationNode; depth: number }>;
  memberships: Membership[];
  pools: ReachedPool[];
  cuts: Cut[];
}

/** The legs a walk comes from and those it goes to. */
export const sides = (t: TransformationNode, direction: Direction): { near: readonly Leg[]; far: readonly Leg[] } =>
  direction === 'forward' ? { near: t.inputs, far: t.outputs } : { near: t.outputs, far: t.inputs };

export const poolKey = (leg: Leg): string => `${leg.lot} ${leg.place ?? ''}`;

/** Adds the lots of serials and the serials of lots, at no depth, until there are no more. */
const withMembers = async (
  ids: readonly string[],
  isNew: (id: string) => boolean,
  graph: TraceGraph,
  found: Map<string, Membership>,
): Promise<string[]> => {
  const all = new Set(ids);
  let asked = [...all];
  while (asked.length > 0) {
    const before = all.size;
    for (const membership of await graph.memberships(asked)) {
      found.set(`${membership.serial} ${membership.lot}`, membership);
      for (const id of [membership.serial, membership.lot]) if (isNew(id)) all.add(id);
    }
    asked = [...all].slice(before);
  }
  return [...all];
};

/**
 * Everything reached from some lots, level by level: a lot is visited once, at its shortest depth, so loops end. What is
 * reached does not depend on the order in which a store answers.
 */
export const walk = async (
  starts: readonly string[],
  direction: Direction,
  graph: TraceGraph,
  options: WalkOptions = {},
): Promise<Walk> => {
  const depths = new Map<string, number>();
  const transformations: Walk['transformations'] = new Map();
  const members = new Map<string, Membership>();
  const pools = new Map<string, ReachedPool & { transformations: string[] }>();
  const cuts: Cut[] = [];
  const isNew = (id: string): boolean => !depths.has(id);
  const next = (lots: readonly string[]): Promise<TransformationNode[]> =>
    direction === 'forward' ? graph.consumedBy(lots) : graph.madeBy(lots);

  let frontier = (await withMembers(starts, isNew, graph, members)).sort();
  for (let depth = 0; frontier.length > 0; depth++) {
    for (const id of frontier) depths.set(id, depth);
    const fresh = (await next(frontier)).filter((t) => !transformations.has(t.id));
    if (depth === options.depth) {
      const at = onwards(fresh, frontier, direction);
      if (at.length > 0) cuts.push({ reason: 'depth', at });
      break;
    }
    const reached = new Set<string>();
    for (const node of fresh) {
      transformations.set(node.id, { node, depth });
      for (const leg of sides(node, direction).far) {
        if (leg.kind !== 'pool') {
          if (isNew(leg.lot)) reached.add(leg.lot);
          continue;
        }
        const pool = pools.get(poolKey(leg));
        if (pool === undefined)
          pools.set(poolKey(leg), {
            item: leg.lot,
            place: leg.place ?? null,
            depth: depth + 1,
            transformations: [node.id],
            reason: 'lot-not-stated',
          });
        else if (!pool.transformations.includes(node.id)) pool.transformations.push(node.id);
      }
    }
    const following = (await withMembers([...reached], isNew, graph, members)).sort();
    const room = options.limit === undefined ? Infinity : Math.max(0, options.limit - depths.size);
    if (following.length > room) {
      const kept = new Set(following.slice(0, room));
      for (const id of kept) depths.set(id, depth + 1);
      const cutOff = new Set(following.filter((id) => !kept.has(id)));
      cuts.push({ reason: 'limit', at: leadingTo(fresh, frontier, cutOff, direction, [...kept]) });
      break;
    }
    frontier = following;
  }
  const stopped = [...pools.values()].sort((a, b) => compareText(`${a.item} ${a.place}`, `${b.item} ${b.place}`));
  if (stopped.length > 0) cuts.push({ reason: 'lot-not-stated', at: [...new Set(stopped.map((p) => p.item))] });
  for (const pool of stopped) pool.transformations.sort();
  return { depths, transformations, memberships: [...members.values()], pools: stopped, cuts };
};

/** The lots of a frontier from which the walk would have gone on. */
const onwards = (fresh: readonly TransformationNode[], frontier: readonly string[], direction: Direction): string[] => {
  const near = new Set(
    fresh.flatMap((t) => {
      const { near: from, far } = sides(t, direction);
      return far.length === 0 ? [] : from.map((leg) => leg.lot);
    }),
  );
  return frontier.filter((id) => near.has(id));
};

/** Where a limit cut: lots that lead to what was left out, and those that were not looked at any more. */
const leadingTo = (
  fresh: readonly TransformationNode[],
  frontier: readonly string[],
  cutOff: ReadonlySet<string>,
  direction: Direction,
  unvisited: readonly string[],
): string[] => {
  const leading = fresh.filter((t) => sides(t, direction).far.some((leg) => cutOff.has(leg.lot)));
  return [...new Set([...onwards(leading, frontier, direction), ...unvisited])].sort();
};
