/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes into dense arrays of known length */

/** Edges by node, packed: those of node i are `to[starts[i]]` up to, not with, `to[starts[i + 1]]`. */
export interface PackedEdges {
  starts: Int32Array;
  to: Int32Array;
}

/** Components one after another in `nodes`; component c ends before `ends[c]`. */
export interface Components {
  nodes: Int32Array;
  ends: number[];
}

/**
 * Strongly connected components by Tarjan's algorithm, without recursion (a chain of a hundred thousand lots must not
 * overflow the stack).
 * @returns components in reverse topological order: each comes after all that it points to. Within one, nodes stand in
 *   the order in which depth-first search left them, successors first.
 */
export const stronglyConnected = ({ starts, to }: PackedEdges): Components => {
  const size = starts.length - 1;
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const finished = new Int32Array(size);
  const next = starts.slice(0, size);
  const stack = new Int32Array(size);
  const path = new Int32Array(size);
  const nodes = new Int32Array(size);
  const ends: number[] = [];
  let [counter, left, stacked, deep, placed] = [0, 0, 0, 0, 0];
  const enter = (node: number): void => {
    index[node] = low[node] = counter++;
    stack[stacked++] = node;
    onStack[node] = 1;
    path[deep++] = node;
  };
  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue;
    enter(root);
    while (deep > 0) {
      const node = path[deep - 1]!;
      if (next[node]! < starts[node + 1]!) {
        const successor = to[next[node]!++]!;
        if (index[successor] === -1) enter(successor);
        else if (onStack[successor] === 1) low[node] = Math.min(low[node]!, index[successor]!);
        continue;
      }
      deep--;
      finished[node] = left++;
      if (deep > 0) {
        const parent = path[deep - 1]!;
        low[parent] = Math.min(low[parent]!, low[node]!);
      }
      if (low[node] !== index[node]) continue;
      const first = placed;
      let member: number;
      do {
        member = stack[--stacked]!;
        onStack[member] = 0;
        nodes[placed++] = member;
      } while (member !== node);
      if (placed - first > 1) nodes.subarray(first, placed).sort((a, b) => finished[a]! - finished[b]!);
      ends.push(placed);
    }
  }
  return { nodes, ends };
};
