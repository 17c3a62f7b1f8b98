import type { Recipe, RecipeStep, RecipeYield } from '#contracts';
import { baseOf, ratio, type Problem } from '#kernel';
import { circleThrough } from './circle.js';

/** An item with how it is made. */
export interface Made {
  item: string;
  recipe?: Recipe | undefined;
}

const twice = (names: readonly string[], field: (index: number) => string, code: string): Problem[] =>
  names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ code, message: `${name} is listed twice`, field: field(index), found: name }] : [],
  );

const yieldProblems = (yields: readonly RecipeYield[], field: string): Problem[] => [
  ...twice(
    yields.map(({ unit }) => baseOf(unit).dimension),
    (index) => `${field}/${index}/unit`,
    'yield-listed-twice',
  ),
  ...yields.flatMap(({ loss = '0' }, index) =>
    ratio(loss).compare(1) > 0
      ? [
          {
            code: 'loss-too-large',
            message: 'not more is lost than goes in',
            field: `${field}/${index}/loss`,
            found: loss,
            expected: 'at most "1"',
          },
        ]
      : [],
  ),
];

const stepProblems = ({ inputs, outputs, yields = [] }: RecipeStep, field: string): Problem[] => [
  ...(inputs.length === 0 && outputs.length === 0
    ? [{ code: 'step-empty', message: 'a step has inputs or outputs', field }]
    : []),
  ...twice(
    inputs.map(({ item }) => item),
    (index) => `${field}/inputs/${index}/item`,
    'recipe-item-listed-twice',
  ),
  ...twice(
    outputs.map(({ item }) => item),
    (index) => `${field}/outputs/${index}/item`,
    'recipe-item-listed-twice',
  ),
  ...yieldProblems(yields, `${field}/yields`),
];

/** What is made of what, rework left out. */
const madeOf = (items: readonly Made[]): Map<string, Set<string>> => {
  const sources = new Map<string, Set<string>>();
  for (const { recipe } of items)
    for (const { inputs, outputs } of recipe?.steps ?? [])
      for (const output of outputs) {
        const of = sources.get(output.item) ?? new Set();
        for (const input of inputs) if (input.rework !== true) of.add(input.item);
        sources.set(output.item, of);
      }
  return sources;
};

/** From product to what it is made of. */
const circle = (recipe: Recipe, sources: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined => {
  for (const start of new Set(recipe.steps.flatMap(({ outputs }) => outputs.map(({ item }) => item)))) {
    const found = circleThrough(start, sources);
    if (found) return found;
  }
  return undefined;
};

/**
 * Every reason against the recipe of an item.
 * @param others the items that its inputs are made by, and theirs in turn, as they are defined now.
 */
export const recipeProblems = ({ item, recipe }: Made, others: readonly Made[]): Problem[] => {
  if (!recipe) return [];
  const problems = [
    ...twice(
      recipe.steps.map(({ step }) => step),
      (index) => `/recipe/steps/${index}/step`,
      'step-listed-twice',
    ),
    ...recipe.steps.flatMap((step, index) => stepProblems(step, `/recipe/steps/${index}`)),
    ...yieldProblems(recipe.yields ?? [], '/recipe/yields'),
  ];
  const products = recipe.steps.flatMap(({ outputs }) => outputs.filter(({ role }) => role === 'product'));
  if (!products.some((product) => product.item === item))
    problems.push({
      code: 'recipe-makes-another',
      message: 'no step of the recipe makes the item',
      field: '/recipe/steps',
      expected: `an output of role product of ${item}`,
    });
  const found = circle(recipe, madeOf([{ item, recipe }, ...others.filter((other) => other.item !== item)]));
  if (found)
    problems.push({
      code: 'recipe-loop',
      message: 'the recipe needs what is made of it',
      field: '/recipe',
      found: found.join(' ← '),
      expected: 'the input that closes the circle marked as rework',
    });
  return problems;
};

/** What goes into it, rework left out: the items whose recipes may lead back to it. */
export const sourcesOf = ({ recipe }: Made): string[] => [
  ...new Set(
    recipe?.steps.flatMap(({ inputs }) => inputs.flatMap(({ item, rework }) => (rework === true ? [] : [item]))),
  ),
];
