/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes into dense arrays of known length */
/**
 * Strongly connected components by Tarjan's algorithm, without recursion (a chain of a hundred thousand lots must not
 * overflow the stack).
 * @param successors of node i, by number.
 * @returns components in reverse topological order: each comes after all that it points to. Within one, nodes stand in
 *   the order in which depth-first search left them, successors first.
 */
export const stronglyConnected = (size: number, successors: (node: number) => readonly number[]): number[][] => {
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const finished = new Int32Array(size);
  const next = new Int32Array(size);
  const stack: number[] = [];
  const components: number[][] = [];
  let counter = 0;
  let left = 0;
  const enter = (node: number, path: number[]): void => {
    index[node] = low[node] = counter++;
    stack.push(node);
    onStack[node] = 1;
    path.push(node);
  };
  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue;
    const path: number[] = [];
    enter(root, path);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      const successor = successors(node)[next[node]!++];
      if (successor !== undefined) {
        if (index[successor] === -1) enter(successor, path);
        else if (onStack[successor]) low[node] = Math.min(low[node]!, index[successor]!);
        continue;
      }
      path.pop();
      finished[node] = left++;
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== index[node]) continue;
      const component: number[] = [];
      for (;;) {
        const member = stack.pop()!;
        onStack[member] = 0;
        component.push(member);
        if (member === node) break;
      }
      components.push(component.sort((a, b) => finished[a]! - finished[b]!));
    }
  }
  return components;
};
