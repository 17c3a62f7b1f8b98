import type { TraceGraph } from './graph.js';
import { addTo } from './grouping.js';
import { sides, walk } from './walk.js';

/** One lot of a path, and the transformation that took it on to the next; none where it is a piece and its lot. */
export interface PathStep {
  lot: string;
  transformation?: string;
}

/**
 * The shortest paths by which everything upstream came into a lot: transformations count, a serial and its lot are one.
 * @returns by upstream lot, the steps from it to (and with) the lot asked for; what is itself is not listed.
 */
export const upstreamPaths = async (lot: string, graph: TraceGraph): Promise<Map<string, readonly PathStep[]>> => {
  const reached = await walk([lot], 'back', graph);
  const making = new Map<string, { id: string; inputs: string[] }[]>();
  for (const { node } of reached.transformations.values()) {
    const { near, far } = sides(node, 'back');
    const inputs = [...new Set(far.filter((leg) => leg.kind !== 'pool').map((leg) => leg.lot))].sort();
    for (const output of new Set(near.map((leg) => leg.lot))) addTo(making, output, { id: node.id, inputs });
  }
  const members = new Map<string, string[]>();
  for (const { serial, lot: of } of reached.memberships) {
    addTo(members, serial, of);
    addTo(members, of, serial);
  }
  const paths = new Map<string, readonly PathStep[]>([[lot, [{ lot }]]]);
  const together = (level: string[]): string[] => {
    // Grows while it is read.
    for (const id of level)
      for (const other of members.get(id) ?? [])
        if (!paths.has(other)) {
          paths.set(other, [{ lot: other }, ...(paths.get(id) ?? [])]);
          level.push(other);
        }
    return level;
  };
  for (let level = together([lot]); level.length > 0;) {
    const next: string[] = [];
    for (const id of level.sort())
      for (const { id: transformation, inputs } of making.get(id) ?? [])
        for (const input of inputs)
          if (!paths.has(input)) {
            paths.set(input, [{ lot: input, transformation }, ...(paths.get(id) ?? [])]);
            next.push(input);
          }
    level = together(next);
  }
  paths.delete(lot);
  return paths;
};
