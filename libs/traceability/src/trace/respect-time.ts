import { addTo } from './grouping.js';
import type { Membership, TransformationNode } from './graph.js';
import { sides, type Direction, type Walk } from './walk.js';

/** What of a walk holds when clocks are believed. */
export interface TimedWalk extends Walk {
  removedLots: string[];
  removedTransformations: string[];
  /** Whether a leg of a transformation carries anything of the start. */
  follows: (t: TransformationNode, side: 'input' | 'output', lot: string, at: string) => boolean;
}

const EVER = '';

/**
 * When material of the starts could first have come into each lot (going forward), or last have left it for them (going
 * back). Only what happens after that can carry it on. Times only move one way, so this ends in loops too.
 */
const bounds = (starts: readonly string[], walk: Walk, direction: Direction): Map<string, string> => {
  const forward = direction === 'forward';
  // Going back "ever" is no upper bound; an empty text sorts first, so it is kept apart.
  const better = (a: string, b: string): boolean => (forward ? a < b : b !== EVER && (a === EVER || a > b));
  const bound = new Map<string, string>();
  const touching = new Map<string, TransformationNode[]>();
  for (const { node } of walk.transformations.values())
    for (const leg of sides(node, direction).near) addTo(touching, leg.lot, node);
  const members = new Map<string, string[]>();
  for (const { serial, lot } of walk.memberships) {
    addTo(members, serial, lot);
    addTo(members, lot, serial);
  }
  const queue: string[] = [];
  const improve = (lot: string, at: string): void => {
    const known = bound.get(lot);
    if (!walk.depths.has(lot) || (known !== undefined && !better(at, known))) return;
    bound.set(lot, at);
    queue.push(lot);
  };
  for (const start of starts) improve(start, EVER);
  // Grows while it is read.
  for (const lot of queue) {
    const at = bound.get(lot) ?? EVER;
    for (const other of members.get(lot) ?? []) improve(other, at);
    for (const t of touching.get(lot) ?? []) {
      const passing = passage(t, direction, bound);
      if (passing === undefined) continue;
      for (const leg of sides(t, direction).far)
        if (leg.kind !== 'pool' && (forward ? leg.at >= passing : leg.at <= passing)) improve(leg.lot, leg.at);
    }
  }
  return bound;
};

const within = (at: string, bound: string, direction: Direction): boolean =>
  bound === EVER || (direction === 'forward' ? at >= bound : at <= bound);

/** When the material could first (or last) have been in a transformation; undefined where never. */
const passage = (
  t: TransformationNode,
  direction: Direction,
  bound: ReadonlyMap<string, string>,
): string | undefined => {
  let best: string | undefined;
  for (const leg of sides(t, direction).near) {
    const of = bound.get(leg.lot);
    if (leg.kind === 'pool' || of === undefined || !within(leg.at, of, direction)) continue;
    if (best === undefined || (direction === 'forward' ? leg.at < best : leg.at > best)) best = leg.at;
  }
  return best;
};

const shortestDepths = (
  starts: readonly string[],
  walk: Walk,
  direction: Direction,
  bound: ReadonlyMap<string, string>,
): Pick<Walk, 'depths' | 'transformations'> => {
  const touching = new Map<string, TransformationNode[]>();
  for (const { node } of walk.transformations.values())
    for (const leg of sides(node, direction).near) {
      const of = bound.get(leg.lot);
      if (of !== undefined && leg.kind !== 'pool' && within(leg.at, of, direction)) addTo(touching, leg.lot, node);
    }
  const members = new Map<string, string[]>();
  for (const { serial, lot } of walk.memberships) {
    addTo(members, serial, lot);
    addTo(members, lot, serial);
  }
  const depths = new Map<string, number>();
  const transformations: Walk['transformations'] = new Map();
  let frontier = [...starts];
  for (let depth = 0; frontier.length > 0; depth++) {
    const level: string[] = [];
    const visit = (id: string): void => {
      if (depths.has(id) || !walk.depths.has(id)) return;
      depths.set(id, depth);
      level.push(id);
    };
    for (const id of frontier) visit(id);
    // Grows while it is read.
    for (const id of level) for (const other of members.get(id) ?? []) visit(other);
    const next = new Set<string>();
    for (const id of level.sort())
      for (const node of touching.get(id) ?? []) {
        if (transformations.has(node.id)) continue;
        transformations.set(node.id, { node, depth });
        const passing = passage(node, direction, bound);
        for (const leg of sides(node, direction).far)
          if (leg.kind !== 'pool' && passing !== undefined && within(leg.at, passing, direction)) next.add(leg.lot);
      }
    frontier = [...next].sort();
  }
  return { depths, transformations };
};

/**
 * Leaves of a walk what its clocks allow: consumption that happened after the suspect material could have entered (going
 * back: fillings before the last use), and names what that removed.
 */
export const believingClocks = (starts: readonly string[], walk: Walk, direction: Direction): TimedWalk => {
  const bound = bounds(starts, walk, direction);
  const { depths, transformations } = shortestDepths(starts, walk, direction, bound);
  const passages = new Map([...transformations].map(([id, { node }]) => [id, passage(node, direction, bound)]));
  const nearSide = direction === 'forward' ? 'input' : 'output';
  const memberships: Membership[] = walk.memberships.filter((m) => depths.has(m.serial) && depths.has(m.lot));
  return {
    depths,
    transformations,
    memberships,
    pools: walk.pools.flatMap((pool) => {
      const kept = pool.transformations.filter((id) => transformations.has(id));
      const depth = Math.min(...kept.map((id) => (transformations.get(id)?.depth ?? 0) + 1));
      return kept.length === 0 ? [] : [{ ...pool, transformations: kept, depth }];
    }),
    cuts: walk.cuts,
    removedLots: [...walk.depths.keys()].filter((id) => !depths.has(id)).sort(),
    removedTransformations: [...walk.transformations.keys()].filter((id) => !transformations.has(id)).sort(),
    follows: (t, side, lot, at) => {
      const of = side === nearSide ? bound.get(lot) : passages.get(t.id);
      return of !== undefined && within(at, of, direction);
    },
  };
};
