import { column } from './column.js';

export type RunKind = 'production' | 'rework' | 'split' | 'merge' | 'relabel';
const KINDS: readonly RunKind[] = ['production', 'rework', 'split', 'merge', 'relabel'];

/** One transformation. */
export interface Run {
  /** As reports of it name it. */
  id: string;
  kind: RunKind;
  /** Milliseconds since 1970. */
  at: number;
  place: number;
}

export interface Leg {
  run: number;
  lot: number;
  /** Thousandths. */
  amount: number;
  output: boolean;
}

/** The mixing history: what went into which transformation, and what came out. */
export interface Runs {
  readonly count: number;
  add(run: Omit<Run, 'id'>): number;
  get(run: number): Run;
  readonly legs: number;
  addLeg(leg: Leg): void;
  leg(n: number): Leg;
}

export const runsOf = (seed: number): Runs => {
  const [kind, at, place] = [column('int32'), column('float64'), column('int32')];
  const [run, lot, amount] = [column('int32'), column('int32'), column('float64')];
  return {
    get count() {
      return kind.length;
    },
    add: (added) => {
      at.push(added.at);
      place.push(added.place);
      return kind.push(KINDS.indexOf(added.kind));
    },
    get: (n) => ({
      id: `urn:lotline-simulator:run:${seed}-${n}`,
      kind: KINDS[kind.get(n)] ?? 'production',
      at: at.get(n),
      place: place.get(n),
    }),
    get legs() {
      return run.length;
    },
    // Outputs are kept below zero.
    addLeg: (leg) => {
      run.push(leg.run);
      lot.push(leg.lot);
      amount.push(leg.output ? -leg.amount : leg.amount);
    },
    leg: (n) => {
      const value = amount.get(n);
      return { run: run.get(n), lot: lot.get(n), amount: Math.abs(value), output: value < 0 };
    },
  };
};
