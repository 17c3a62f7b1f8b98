import type { TransformationStatement } from '#contracts';
import { baseOf, NOTHING, ratio, ratioText, type Amount, type Ratio } from '#kernel';
import { inUnit, type Counted } from './item-units.js';
import { itemOfLot, sums, type Items } from './statement-rules.js';

export type Output = TransformationStatement['outputs'][number];
interface Leg {
  lot: string;
  amount: Amount;
}

/** What went in and came out, as one statement has it: pieces and weight of one lot listed side by side are the same goods. */
export interface Flow {
  inputs: readonly Leg[];
  outputs: readonly (Leg & Pick<Output, 'role'>)[];
  losses?: readonly { amount: Amount }[] | undefined;
}

/** How much there is of a lot, and as what it came out. */
export interface Quantity {
  value: Ratio;
  role: Output['role'];
}

const plusAll = (amounts: readonly Ratio[]): Ratio => amounts.reduce((sum, value) => sum.add(value), NOTHING);

/**
 * How much the legs of one statement are of each lot, in the unit: where the lot is recorded in its dimension, that counts and
 * nothing else; what would have to be converted is, by the first dimension from which it can be. Lots of which nobody says how to
 * convert are left out.
 */
const ofLots = (unit: string, legs: readonly Leg[], items: Items): Map<string, Ratio> => {
  const { dimension: wanted } = baseOf(unit);
  const found = new Map<string, Ratio>();
  for (const [lot, own] of Map.groupBy(legs, (leg) => leg.lot)) {
    const dimensions = Map.groupBy(own, ({ amount }) => baseOf(amount.unit).dimension);
    const choices = [dimensions.get(wanted) ?? [], ...dimensions.values()];
    for (const choice of choices) {
      const values = choice.map(({ amount }) => inUnit(amount, unit, itemOfLot(lot, items)));
      const known = values.filter((value) => value !== undefined);
      if (known.length === 0) continue;
      found.set(lot, plusAll(known));
      break;
    }
  }
  return found;
};

/** Inputs and outputs of statements in one unit, by lot. */
export interface Seen {
  inputs: Map<string, Quantity>;
  outputs: Map<string, Quantity>;
}

export const seenIn = (unit: string, flows: readonly Flow[], items: Items): Seen => {
  const seen: Seen = { inputs: new Map(), outputs: new Map() };
  const add = (to: Map<string, Quantity>, lot: string, value: Ratio, role: Output['role']): void => {
    const before = to.get(lot);
    to.set(lot, { value: (before?.value ?? NOTHING).add(value), role: before?.role ?? role });
  };
  for (const { inputs, outputs } of flows) {
    for (const [lot, value] of ofLots(unit, inputs, items)) add(seen.inputs, lot, value, 'product');
    for (const [lot, value] of ofLots(unit, outputs, items))
      add(seen.outputs, lot, value, outputs.find((output) => output.lot === lot)?.role ?? 'product');
  }
  return seen;
};

/** What a run does with lots that it makes itself is nothing that comes from outside or is left: only the difference is. */
export const net = ({ inputs, outputs }: Seen): Seen => {
  const rest: Seen = { inputs: new Map(), outputs: new Map() };
  for (const lot of new Set([...inputs.keys(), ...outputs.keys()])) {
    const [went, came] = [inputs.get(lot), outputs.get(lot)];
    const value = (came?.value ?? NOTHING).sub(went?.value ?? NOTHING);
    const role = came?.role ?? 'product';
    if (value.compare(0) > 0) rest.outputs.set(lot, { value, role });
    if (value.compare(0) < 0) rest.inputs.set(lot, { value: value.neg(), role });
  }
  return rest;
};

export const total = (quantities: Iterable<Quantity>): Ratio => plusAll([...quantities].map(({ value }) => value));

/** Declared losses, as far as Rec 20 converts them: they are of no item. */
export const lostIn = (unit: string, flows: readonly Flow[]): Ratio =>
  plusAll(flows.flatMap(({ losses = [] }) => losses.flatMap(({ amount }) => inUnit(amount, unit) ?? [])));

interface Joined extends Flow {
  losses: readonly { amount: Amount }[];
}

/** All of it as one, each dimension by itself. */
export const joined = (flows: readonly Flow[]): Joined => ({
  inputs: flows.flatMap(({ inputs }) => inputs),
  outputs: flows.flatMap(({ outputs }) => outputs),
  losses: flows.flatMap(({ losses = [] }) => losses),
});

/** The same, what came out and went in again left out. */
export const netJoined = (flows: readonly Flow[]): Joined => {
  const { inputs, outputs, losses } = joined(flows);
  const units = new Set(sums([...inputs, ...outputs]).map(({ unit }) => unit));
  const rests = [...units].map((unit) => {
    const { dimension } = baseOf(unit);
    const own = <L extends Leg>(legs: readonly L[]): L[] =>
      legs.filter(({ amount }) => baseOf(amount.unit).dimension === dimension);
    const rest = net(seenIn(unit, [{ inputs: own(inputs), outputs: own(outputs) }], new Map()));
    const legs = (of: Map<string, Quantity>) =>
      [...of].map(([lot, { value, role }]) => ({ lot, amount: { value: ratioText(value), unit }, role }));
    return { inputs: legs(rest.inputs), outputs: legs(rest.outputs) };
  });
  return { ...joined(rests), losses };
};

/** How many times the amount is contained in another; undefined where nobody says how to compare them. */
export const timesOf = (amount: Amount, of: Amount, item: Counted | undefined): Ratio | undefined =>
  inUnit(amount, of.unit, item)?.div(ratio(of.value));
