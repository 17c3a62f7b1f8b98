/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes into dense arrays of known length */
import { stronglyConnected, type PackedEdges } from './strongly-connected.js';

/** x[i] = constant[i] + Σ weight[e] · x[to[e]] over the edges e of i. Nothing is negative; each adds up to 1 at most. */
export interface Equations extends PackedEdges {
  constant: Float64Array;
  weight: Float64Array;
}

/** Above this a loop is solved by iteration: elimination grows with the third power. */
const ELIMINATION_LIMIT = 200;
const TOLERANCE = 1e-14;
const MAX_ITERATIONS = 100_000;

/**
 * Solves a system of averages, each component after those it depends on: in one pass where there is no loop, as a fixed
 * point inside loops. It exists and is unique because every loop that carries anything takes in something from outside.
 */
export const solve = (equations: Equations): Float64Array => {
  const x = new Float64Array(equations.constant.length);
  const { nodes, ends } = stronglyConnected(equations);
  let begin = 0;
  for (const end of ends) {
    const component = nodes.subarray(begin, end);
    begin = end;
    const node = component[0]!;
    if (component.length === 1 && !dependsOnItself(node, equations)) x[node] = evaluate(node, equations, x);
    else if (component.length <= ELIMINATION_LIMIT) eliminate(component, equations, x);
    else iterate(component, equations, x);
  }
  return x;
};

const dependsOnItself = (node: number, { starts, to }: Equations): boolean => {
  for (let e = starts[node]!; e < starts[node + 1]!; e++) if (to[e] === node) return true;
  return false;
};

const evaluate = (node: number, { constant, starts, to, weight }: Equations, x: Float64Array): number => {
  let sum = constant[node]!;
  for (let e = starts[node]!; e < starts[node + 1]!; e++) sum += weight[e]! * x[to[e]!]!;
  return sum;
};

/** Gaussian elimination with partial pivoting on (I − W) x = c. */
const eliminate = (component: Int32Array, equations: Equations, x: Float64Array): void => {
  const { constant, starts, to, weight } = equations;
  const n = component.length;
  const place = new Map<number, number>();
  component.forEach((node, i) => place.set(node, i));
  const rows = Array.from(component, (node, i) => {
    const row = new Float64Array(n + 1);
    row[i] = 1;
    row[n] = constant[node]!;
    for (let e = starts[node]!; e < starts[node + 1]!; e++) {
      const j = place.get(to[e]!);
      if (j === undefined) row[n] += weight[e]! * x[to[e]!]!;
      else row[j]! -= weight[e]!;
    }
    return row;
  });
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    const top = rows[pivot]!;
    rows[pivot] = rows[k]!;
    rows[k] = top;
    // A loop that takes in nothing from outside carries nothing.
    if (Math.abs(top[k]!) < TOLERANCE) continue;
    for (let i = k + 1; i < n; i++) {
      const row = rows[i]!;
      const factor = row[k]! / top[k]!;
      if (factor !== 0) for (let j = k; j <= n; j++) row[j]! -= factor * top[j]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    const row = rows[k]!;
    let sum = row[n]!;
    for (let j = k + 1; j < n; j++) sum -= row[j]! * x[component[j]!]!;
    x[component[k]!] = Math.abs(row[k]!) < TOLERANCE ? 0 : sum / row[k]!;
  }
};

/** Gauss-Seidel: converges because the system is one of averages with a leak; dependencies stand first. */
const iterate = (component: Int32Array, equations: Equations, x: Float64Array): void => {
  for (let round = 0; round < MAX_ITERATIONS; round++) {
    let change = 0;
    for (const node of component) {
      const value = evaluate(node, equations, x);
      change = Math.max(change, Math.abs(value - x[node]!));
      x[node] = value;
    }
    if (change < TOLERANCE) return;
  }
};
