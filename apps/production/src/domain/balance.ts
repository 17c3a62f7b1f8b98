import type { RecipeStep, RecipeYield } from '#contracts';
import { canonicalId, ratio, ratioText, type Amount, type Problem, type Ratio } from '#kernel';
import { joined, lostIn, net, netJoined, seenIn, total, type Flow, type Output } from './flow.js';
import { sums, type Items } from './statement-rules.js';

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

const isWaste = ({ role }: Pick<Output, 'role'>): boolean => role === 'waste';

const checkOf = (expected: RecipeYield, flows: readonly Flow[], items: Items, of: Scope): YieldCheck => {
  const { unit, share, tolerance = '0', loss } = expected;
  const all = seenIn(unit, flows, items);
  const seen = of === 'run' ? net(all) : all;
  const outputs = [...seen.outputs.values()];
  const went = total(seen.inputs.values());
  const good = total(outputs.filter((output) => !isWaste(output)));
  const lost = total(outputs.filter(isWaste)).add(lostIn(unit, flows));
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

/** Of a step, everything counts; of a run, only what comes from outside and what is left. */
export type Scope = 'step' | 'run';

/** @param flows what the statements say, each by itself. */
export const balanceOf = (
  flows: readonly Flow[],
  expected: readonly RecipeYield[],
  items: Items,
  of: Scope = 'step',
): Balance => {
  const { inputs, outputs, losses } = of === 'run' ? netJoined(flows) : joined(flows);
  return {
    consumed: sums(inputs),
    produced: sums(outputs.filter((output) => !isWaste(output))),
    waste: sums(outputs.filter(isWaste)),
    lost: sums(losses),
    yields: expected.map((one) => checkOf(one, flows, items, of)),
  };
};

/**
 * Where the flow is not as the recipe has it.
 * @param isOver nothing more comes: what is missing by now is missing.
 */
export const deviations = (
  flows: readonly Flow[],
  { yields }: Balance,
  recipe?: Pick<RecipeStep, 'inputs' | 'outputs'>,
  isOver = false,
): Problem[] => {
  const flow = joined(flows);
  return [
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
    ...(recipe && isOver
      ? [
          ...missing(flow.inputs, recipe.inputs, 'input-missing'),
          ...missing(flow.outputs, recipe.outputs, 'output-missing'),
        ]
      : []),
  ];
};

const missing = (legs: readonly { lot: string }[], expected: readonly { item: string }[], code: string): Problem[] => {
  const items = legs.map(({ lot }) => canonicalId(lot).item);
  // A lot whose id tells no item may be of any.
  if (items.includes(undefined)) return [];
  return expected.flatMap(({ item }) =>
    items.includes(item) ? [] : [{ code, message: `no lot of ${item} was recorded`, found: null, expected: item }],
  );
};

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
