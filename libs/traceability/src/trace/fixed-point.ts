/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes into dense arrays of known length */
import { stronglyConnected } from './strongly-connected.js';

/** x = constant + Σ weight · x[of]; weights and constant are not negative and add up to 1 at most. */
export interface Equation {
  constant: number;
  terms: readonly { of: number; weight: number }[];
}

/** Above this a loop is solved by iteration: elimination grows with the third power. */
const ELIMINATION_LIMIT = 200;
const TOLERANCE = 1e-14;
const MAX_ITERATIONS = 100_000;

/**
 * Solves a system of averages, each component after those it depends on: in one pass where there is no loop, as a fixed
 * point inside loops. It exists and is unique because every loop that carries anything takes in something from outside.
 */
export const solve = (equations: readonly Equation[]): Float64Array => {
  const x = new Float64Array(equations.length);
  const on = equations.map(({ terms }) => terms.map((t) => t.of));
  for (const component of stronglyConnected(equations.length, (node) => on[node] ?? [])) {
    const [first] = component;
    if (first === undefined) continue;
    if (component.length === 1 && !on[first]?.includes(first)) x[first] = evaluate(equations[first], x);
    else if (component.length <= ELIMINATION_LIMIT) eliminate(component, equations, x);
    else iterate(component, equations, x);
  }
  return x;
};

const evaluate = (equation: Equation | undefined, x: Float64Array): number => {
  let sum = equation?.constant ?? 0;
  for (const { of, weight } of equation?.terms ?? []) sum += weight * x[of]!;
  return sum;
};

/** Gaussian elimination with partial pivoting on (I − W) x = c. */
const eliminate = (component: readonly number[], equations: readonly Equation[], x: Float64Array): void => {
  const n = component.length;
  const place = new Map(component.map((node, i) => [node, i]));
  const rows = component.map((node, i) => {
    const row = new Float64Array(n + 1);
    row[i] = 1;
    row[n] = equations[node]?.constant ?? 0;
    for (const { of, weight } of equations[node]?.terms ?? []) {
      const j = place.get(of);
      if (j === undefined) row[n] += weight * x[of]!;
      else row[j]! -= weight;
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
const iterate = (component: readonly number[], equations: readonly Equation[], x: Float64Array): void => {
  for (let round = 0; round < MAX_ITERATIONS; round++) {
    let change = 0;
    for (const node of component) {
      const value = evaluate(equations[node], x);
      change = Math.max(change, Math.abs(value - x[node]!));
      x[node] = value;
    }
    if (change < TOLERANCE) return;
  }
};
