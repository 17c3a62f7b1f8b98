import type { RecipeStep } from '#contracts';
import { ratio, ratioText, type Amount } from '#kernel';
import { timesOf, type Output } from './flow.js';
import type { ItemDefinition } from './item.js';

/** What the recipe expects of a step of a run, by the amount that the run is to make. */
export interface StepPlan {
  inputs: { item: string; amount: Amount }[];
  outputs: { item: string; amount: Amount; role: Output['role'] }[];
}

/**
 * The step scaled to what is planned; where no decimal is exact, rounded half up to six.
 * @returns undefined where the plan cannot be seen in the unit that the recipe is for.
 */
export const planOf = (
  { inputs, outputs }: RecipeStep,
  makes: Amount,
  planned: Amount,
  item: ItemDefinition | undefined,
): StepPlan | undefined => {
  const times = timesOf(planned, makes, item);
  if (!times) return undefined;
  const scaled = ({ value, unit }: Amount): Amount => ({ value: ratioText(ratio(value).mul(times)), unit });
  return {
    inputs: inputs.map((input) => ({ item: input.item, amount: scaled(input.amount) })),
    outputs: outputs.map((output) => ({ item: output.item, amount: scaled(output.amount), role: output.role })),
  };
};
