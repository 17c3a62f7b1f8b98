import type { Truth } from './truth.js';

/** Share of the suspects in each lot: from 0 to 1, or NaN where it cannot be known. */
export type Shares = Float64Array;

const SETTLED = 1e-15;
const MOST_SWEEPS = 100_000;

/** Whether what is in a lot cannot be counted together with what is in another: weight and pieces. */
const unitOf = (truth: Truth, lot: number): string => truth.world.items[truth.lots.itemOf(lot)]?.unit ?? '';

/** Legs of each run, inputs first. */
interface Mixture {
  inputs: { lot: number; amount: number }[];
  outputs: { lot: number; amount: number }[];
}

const mixturesOf = ({ runs }: Truth): Mixture[] => {
  const mixtures = Array.from({ length: runs.count }, (): Mixture => ({ inputs: [], outputs: [] }));
  for (let n = 0; n < runs.legs; n++) {
    const { run, lot, amount, output } = runs.leg(n);
    mixtures[run]?.[output ? 'outputs' : 'inputs'].push({ lot, amount });
  }
  return mixtures;
};

/** Sets grow until nothing is added; rounds over all runs are slow beside a walk, and plain. */
const growing = (
  mixtures: readonly Mixture[],
  members: Set<number>,
  joins: (m: Mixture, output: number) => boolean,
) => {
  for (let size = -1; size !== members.size;) {
    size = members.size;
    for (const mixture of mixtures)
      for (const { lot } of mixture.outputs) if (!members.has(lot) && joins(mixture, lot)) members.add(lot);
  }
};

/** Every lot that any of these is in, themselves included. */
export const reachOf = (truth: Truth, lots: Iterable<number>): Set<number> => {
  const reached = new Set(lots);
  growing(mixturesOf(truth), reached, (mixture) => mixture.inputs.some(({ lot }) => reached.has(lot)));
  return reached;
};

/**
 * How much of the suspects is in every lot, by the definition alone: φ of a suspect is 1, of a run the average of its inputs
 * by amount, of a lot the average of its fillings by amount, over and over until nothing changes any more. What went in by
 * another unit than what came out (weight, pieces) cannot be averaged: where it holds any of the suspects, the share is not
 * known, and neither is that of whatever it goes into.
 */
export const exposureTo = (truth: Truth, suspects: Iterable<number>): Shares => {
  const suspect = new Set(suspects);
  const mixtures = mixturesOf(truth);
  const reached = reachOf(truth, suspect);
  const unknown = new Set<number>();
  growing(
    mixtures,
    unknown,
    ({ inputs }, output) =>
      !suspect.has(output) &&
      inputs.some(({ lot }) => unknown.has(lot) || (reached.has(lot) && unitOf(truth, lot) !== unitOf(truth, output))),
  );
  const shares: Shares = new Float64Array(truth.lots.count);
  for (const lot of suspect) shares[lot] = 1;
  const concerned = mixtures.filter(({ outputs }) =>
    outputs.some(({ lot }) => reached.has(lot) && !suspect.has(lot) && !unknown.has(lot)),
  );
  const filled = fillingsOf(mixtures);
  for (let sweep = 0, change = 1; change > SETTLED; sweep++) {
    if (sweep === MOST_SWEEPS) throw new Error(`shares still change by ${change}`);
    change = 0;
    for (const { outputs } of concerned)
      for (const { lot } of outputs) {
        if (suspect.has(lot) || unknown.has(lot)) continue;
        const share = shareOf(truth, lot, filled.get(lot) ?? [], shares);
        change = Math.max(change, Math.abs(share - (shares[lot] ?? 0)));
        shares[lot] = share;
      }
  }
  for (const lot of unknown) shares[lot] = Number.NaN;
  return shares;
};

interface Filling {
  amount: number;
  from: Mixture;
}

const fillingsOf = (mixtures: readonly Mixture[]): Map<number, Filling[]> => {
  const filled = new Map<number, Filling[]>();
  for (const from of mixtures)
    for (const { lot, amount } of from.outputs) {
      const fillings = filled.get(lot);
      if (fillings === undefined) filled.set(lot, [{ amount, from }]);
      else fillings.push({ amount, from });
    }
  return filled;
};

const shareOf = (truth: Truth, lot: number, fillings: readonly Filling[], shares: Shares): number => {
  const unit = unitOf(truth, lot);
  let [carried, whole] = [0, 0];
  for (const { amount, from } of fillings) {
    let [suspect, all] = [0, 0];
    for (const input of from.inputs) {
      if (unitOf(truth, input.lot) !== unit) continue;
      suspect += input.amount * (shares[input.lot] ?? 0);
      all += input.amount;
    }
    carried += all === 0 ? 0 : (amount * suspect) / all;
    whole += amount;
  }
  return whole === 0 ? 0 : carried / whole;
};
