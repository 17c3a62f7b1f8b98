import type { Truth } from './truth.js';

/** Lots one transformation away, with how much of each went in (parents) or came out beside it (children), in thousandths. */
export interface Family {
  parents: Map<number, number>;
  children: Map<number, number>;
}

/** @returns for every lot that was in a transformation. Amounts of one lot in several transformations are added up. */
export const familiesOf = ({ runs }: Truth): Map<number, Family> => {
  const inputs = new Map<number, Map<number, number>>();
  const outputs = new Map<number, Map<number, number>>();
  const sum = (of: Map<number, number>, lot: number, amount: number): Map<number, number> =>
    of.set(lot, (of.get(lot) ?? 0) + amount);
  for (let n = 0; n < runs.legs; n++) {
    const { run, lot, amount, output } = runs.leg(n);
    const side = output ? outputs : inputs;
    side.set(run, sum(side.get(run) ?? new Map<number, number>(), lot, amount));
  }
  const families = new Map<number, Family>();
  const familyOf = (lot: number): Family => {
    const family = families.get(lot) ?? { parents: new Map<number, number>(), children: new Map<number, number>() };
    families.set(lot, family);
    return family;
  };
  for (let run = 0; run < runs.count; run++) {
    const [into, out] = [inputs.get(run) ?? new Map<number, number>(), outputs.get(run) ?? new Map<number, number>()];
    for (const parent of into.keys()) for (const [lot, amount] of out) sum(familyOf(parent).children, lot, amount);
    for (const child of out.keys()) for (const [lot, amount] of into) sum(familyOf(child).parents, lot, amount);
  }
  return families;
};
