import type { RecipeStep, RecipeYield, TransformationStatement } from '#contracts';
import { canonicalId, NOTHING, ratio, ratioText, type Amount, type Problem, type Ratio } from '#kernel';
import { inUnit } from './item-units.js';
import { itemOfLot, sums, type Items } from './statement-rules.js';

type Input = TransformationStatement['inputs'][number];
type Output = TransformationStatement['outputs'][number];

/** What went in and came out, as it was recorded: amounts of each dimension side by side, exact. */
export interface Flow {
  inputs: readonly { lot: string; amount: Amount }[];
  outputs: readonly { lot: string; amount: Amount; role: Output['role'] }[];
  losses: readonly { amount: Amount }[];
}

export interface Balance {
  consumed: Amount[];
  /** Products, co-products and by-products. */
  produced: Amount[];
  waste: Amount[];
  /** Declared. */
  lost: Amount[];
  yields: YieldCheck[];
}

/** Expected and found, seen in one unit; shares are rounded for reading, compared exactly. */
export interface YieldCheck {
  unit: string;
  expected: string;
  tolerance: string;
  /** null before anything went in. */
  found: string | null;
  /** `expected` is null where the recipe says nothing of it. */
  loss: { expected: string | null; found: string | null };
  /** null before anything went in. */
  within: boolean | null;
}

const plusAll = (amounts: readonly Ratio[]): Ratio => amounts.reduce((sum, value) => sum.add(value), NOTHING);

/** @returns what of it can be seen in the unit, added up. */
const seenIn = (unit: string, legs: readonly { lot?: string; amount: Amount }[], items: Items): Ratio =>
  plusAll(
    legs.flatMap(
      ({ lot, amount }) => inUnit(amount, unit, lot === undefined ? undefined : itemOfLot(lot, items)) ?? [],
    ),
  );

const checkOf = (expected: RecipeYield, flow: Flow, items: Items): YieldCheck => {
  const { unit, share, tolerance = '0', loss } = expected;
  const went = seenIn(unit, flow.inputs, items);
  const [good, waste] = [
    seenIn(
      unit,
      flow.outputs.filter(({ role }) => role !== 'waste'),
      items,
    ),
    seenIn(
      unit,
      flow.outputs.filter(({ role }) => role === 'waste'),
      items,
    ),
  ];
  const lost = waste.add(seenIn(unit, flow.losses, items));
  const isNear = (part: Ratio, of: string): boolean =>
    part
      .sub(went.mul(ratio(of)))
      .abs()
      .compare(went.mul(ratio(tolerance))) <= 0;
  // Less lost than expected is no fault.
  const isAtMost = (part: Ratio, of: string): boolean => part.compare(went.mul(ratio(of).add(ratio(tolerance)))) <= 0;
  const some = went.compare(0) > 0;
  const found = (part: Ratio): string | null => (some ? ratioText(part.div(went)) : null);
  return {
    unit,
    expected: share,
    tolerance,
    found: found(good),
    loss: { expected: loss ?? null, found: found(lost) },
    within: some ? isNear(good, share) && (loss === undefined || isAtMost(lost, loss)) : null,
  };
};

export const balanceOf = (flow: Flow, expected: readonly RecipeYield[], items: Items): Balance => ({
  consumed: sums(flow.inputs),
  produced: sums(flow.outputs.filter(({ role }) => role !== 'waste')),
  waste: sums(flow.outputs.filter(({ role }) => role === 'waste')),
  lost: sums(flow.losses),
  yields: expected.map((one) => checkOf(one, flow, items)),
});

interface Rest {
  lot: string;
  unit: string;
  value: Ratio;
  role: Output['role'];
}

/** What a run does with lots that it makes itself is nothing that comes from outside or is left: only the difference is. */
export const netFlow = (statements: readonly TransformationStatement[]): Flow => {
  const inputs = statements.flatMap((statement) => statement.inputs);
  const outputs = statements.flatMap((statement) => statement.outputs);
  const left = new Map<string, Rest>();
  const add = ({ lot, amount }: Input | Output, sign: 1 | -1, role: Output['role']): void => {
    const [base = amount] = sums([{ amount }]);
    const key = JSON.stringify([lot, base.unit]);
    const before = left.get(key);
    const value = (before?.value ?? NOTHING).add(ratio(base.value).mul(sign));
    left.set(key, { lot, unit: base.unit, value, role: before?.role ?? role });
  };
  for (const output of outputs) add(output, 1, output.role);
  for (const input of inputs) add(input, -1, 'product');
  const rows = [...left.values()];
  const amount = (unit: string, value: Ratio): Amount => ({ value: ratioText(value), unit });
  return {
    inputs: rows.flatMap(({ lot, unit, value }) =>
      value.compare(0) < 0 ? [{ lot, amount: amount(unit, value.neg()) }] : [],
    ),
    outputs: rows.flatMap(({ lot, unit, value, role }) =>
      value.compare(0) > 0 ? [{ lot, amount: amount(unit, value), role }] : [],
    ),
    losses: statements.flatMap((statement) => statement.losses ?? []),
  };
};

/** Where the flow is not as the recipe has it. */
export const deviations = (
  flow: Flow,
  { yields }: Balance,
  recipe?: Pick<RecipeStep, 'inputs' | 'outputs'>,
): Problem[] => [
  ...yields.flatMap((check): Problem[] =>
    check.within === false
      ? [
          {
            code: 'yield-deviates',
            message: 'more or less came out, or was lost, than is expected of what went in',
            found: described(check.found, check.loss.found),
            expected: `${described(`${check.expected} ± ${check.tolerance}`, check.loss.expected)} in ${check.unit}`,
          },
        ]
      : [],
  ),
  ...(recipe
    ? [
        ...strangers(flow.inputs, recipe.inputs, 'input-not-in-recipe'),
        ...strangers(flow.outputs, recipe.outputs, 'output-not-in-recipe'),
      ]
    : []),
];

const described = (share: string | null, loss: string | null): string =>
  `${share ?? ''}${loss === null ? '' : `, loss ${loss}`}`;

const strangers = (legs: readonly { lot: string }[], known: readonly { item: string }[], code: string): Problem[] => {
  const expected = known.map(({ item }) => item);
  return [...new Set(legs.map(({ lot }) => lot))].flatMap((lot) => {
    const { item } = canonicalId(lot);
    // Of a lot whose id tells no item nothing can be said.
    if (item === undefined || expected.includes(item)) return [];
    return [{ code, message: `${item} is not in the recipe of the step`, found: lot, expected: expected.join(', ') }];
  });
};
