import Type, { type Static } from 'typebox';
import { Id, OutputRole, StatedAmount } from './fields.js';

const Share = Type.String({ pattern: '^\\d+(\\.\\d+)?$', maxLength: 32 });

/**
 * What is expected of inputs against outputs, all seen in one unit: `share` of what goes in comes out as product, co-product or
 * by-product, `loss` of it as waste or declared loss; either may differ by `tolerance`.
 */
export const RecipeYield = Type.Object(
  {
    unit: Type.String({ minLength: 1, maxLength: 64 }),
    /** "0.97" */
    share: Share,
    /** "0.01": 0.96 to 0.98 is as expected; exactly the share where it is not said. */
    tolerance: Type.Optional(Share),
    loss: Type.Optional(Share),
  },
  { additionalProperties: false },
);
export type RecipeYield = Static<typeof RecipeYield>;

export const RecipeStep = Type.Object(
  {
    step: Type.String({ minLength: 1, maxLength: 256 }),
    inputs: Type.Array(
      Type.Object(
        {
          item: Id,
          amount: StatedAmount,
          /** Fed back from later on, or from what is made of it: the only way in which a recipe may go in a circle. */
          rework: Type.Optional(Type.Literal(true)),
        },
        { additionalProperties: false },
      ),
    ),
    outputs: Type.Array(
      Type.Object({ item: Id, amount: StatedAmount, role: OutputRole }, { additionalProperties: false }),
    ),
    yields: Type.Optional(Type.Array(RecipeYield, { minItems: 1 })),
  },
  { additionalProperties: false },
);
export type RecipeStep = Static<typeof RecipeStep>;

/** How an item is made, step after step. */
export const Recipe = Type.Object(
  {
    /** So much of the item is what the amounts of the steps are for. */
    makes: StatedAmount,
    steps: Type.Array(RecipeStep, { minItems: 1 }),
    /** Over all steps: what comes from outside against what is left in the end. */
    yields: Type.Optional(Type.Array(RecipeYield, { minItems: 1 })),
  },
  { additionalProperties: false },
);
export type Recipe = Static<typeof Recipe>;
