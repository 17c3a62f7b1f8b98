import { itemIdOf, type Recipe } from '#contracts';
import { malformed, type Amount, type Problem } from '#kernel';
import type { AmountDto } from '#platform';
import type { ItemDefinition } from '../../domain/item.js';
import type { ItemDetailsDto, RecipeDto, RecipeYieldDto } from './item.dto.js';

const GTIN_ITEM = /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/;

const problem = (code: string, message: string, field: string, found: unknown): Problem => ({
  code,
  message,
  field,
  found,
});

/** The item a caller names: a GTIN, any id, or the own code. @throws LotlineError `malformed` where it is none. */
export const itemNamed = (text: string, field = '/item'): string => {
  const { id, kind, warning } = itemIdOf(text);
  if (warning !== undefined) throw malformed('invalid-request', warning, [problem('bad-gtin', warning, field, text)]);
  if (kind !== 'item' && kind !== 'other')
    throw malformed('invalid-request', `${text} names a ${kind}, not an item`, [
      problem('not-an-item', `this names a ${kind}`, field, text),
    ]);
  return id;
};

/** @throws LotlineError `malformed`. */
const refuse = (code: string, message: string, field: string, found: unknown): never => {
  throw malformed('invalid-request', message, [problem(code, message, field, found)]);
};

const shelfLifeOf = (dto: ItemDetailsDto): Pick<ItemDefinition, 'shelfLife'> => {
  if (!dto.shelfLife) return {};
  const { rule, days, from } = dto.shelfLife;
  if (rule !== 'fixed' && days !== undefined)
    refuse('days-without-fixed', 'days go with a fixed shelf life only', '/shelfLife/days', days);
  if (rule !== 'inherited' && from !== undefined)
    refuse('from-without-inherited', 'kinds of inputs go with an inherited shelf life only', '/shelfLife/from', from);
  if (rule === 'inherited') return { shelfLife: { rule, ...(from && { from }) } };
  if (rule === 'given') return { shelfLife: { rule } };
  return {
    shelfLife: {
      rule,
      days: days ?? refuse('days-missing', 'a fixed shelf life needs its days', '/shelfLife/days', null),
    },
  };
};

const amountOf = ({ value, unit }: AmountDto): Amount => ({ value, unit });

const yieldsOf = (yields: RecipeYieldDto[] | undefined): Pick<Recipe, 'yields'> =>
  yields === undefined
    ? {}
    : {
        yields: yields.map(({ unit, share, tolerance, loss }) => ({
          unit,
          share,
          ...(tolerance !== undefined && { tolerance }),
          ...(loss !== undefined && { loss }),
        })),
      };

const recipeOf = ({ makes, steps, yields }: RecipeDto): Recipe => ({
  makes: amountOf(makes),
  steps: steps.map((step, index) => ({
    step: step.step,
    inputs: step.inputs.map((input, i) => ({
      item: itemNamed(input.item, `/recipe/steps/${index}/inputs/${i}/item`),
      amount: amountOf(input.amount),
      ...(input.rework === true && { rework: true as const }),
    })),
    outputs: step.outputs.map((output, i) => ({
      item: itemNamed(output.item, `/recipe/steps/${index}/outputs/${i}/item`),
      amount: amountOf(output.amount),
      role: output.role ?? 'product',
    })),
    ...yieldsOf(step.yields),
  })),
  ...yieldsOf(yields),
});

/** @param named as the caller named the item. */
export const definitionOf = (named: string, dto: ItemDetailsDto): ItemDefinition => {
  const item = itemNamed(named);
  const gtin = GTIN_ITEM.exec(item)?.[1];
  return {
    item,
    ...(gtin !== undefined && { gtin }),
    ...(dto.code !== undefined && { code: dto.code }),
    name: dto.name,
    kind: dto.kind,
    baseUnit: dto.baseUnit,
    ...(dto.tolerance !== undefined && { tolerance: dto.tolerance }),
    ...(dto.units && {
      units: dto.units.map(({ unit, factor, of }) => ({ unit, factor, ...(of !== undefined && { of }) })),
    }),
    ...shelfLifeOf(dto),
    ...(dto.recipe && { recipe: recipeOf(dto.recipe) }),
    ...(dto.cost && { cost: { value: dto.cost.value, currency: dto.cost.currency } }),
    ...(dto.contains && {
      contains: dto.contains.map((part, index) => ({
        item: itemNamed(part.item, `/contains/${index}/item`),
        amount: amountOf(part.amount),
      })),
    }),
  };
};
