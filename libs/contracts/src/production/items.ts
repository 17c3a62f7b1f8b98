import Type, { type Static } from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, StatedAmount } from './fields.js';
import { Recipe } from './recipe.js';

export const ItemKind = Type.Union([
  Type.Literal('raw-material'),
  Type.Literal('ingredient'),
  Type.Literal('packaging'),
  Type.Literal('intermediate'),
  Type.Literal('finished'),
  Type.Literal('trade-good'),
  Type.Literal('by-product'),
  Type.Literal('waste'),
]);
export type ItemKind = Static<typeof ItemKind>;

/**
 * Where the dates of a lot of the item come from: days after its production, the earliest date of the
 * inputs, or stated with every lot.
 */
export const ShelfLife = Type.Union([
  Type.Object(
    { rule: Type.Literal('fixed'), days: Type.Integer({ minimum: 0, maximum: 36_500 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      rule: Type.Literal('inherited'),
      /** Only inputs of these kinds count; without it all do. */
      from: Type.Optional(Type.Array(ItemKind, { minItems: 1 })),
    },
    { additionalProperties: false },
  ),
  Type.Object({ rule: Type.Literal('given') }, { additionalProperties: false }),
]);

/** One of the unit is `factor` of another: a decimal or a fraction of decimals, always exact ("0.5", "1/3"). */
export const ItemUnit = Type.Object(
  {
    unit: Type.String({ minLength: 1, maxLength: 64 }),
    factor: Type.String({ pattern: '^\\d+(\\.\\d+)?(/\\d+(\\.\\d+)?)?$', maxLength: 64 }),
    /** Another unit of the item; the base unit where it is not said. */
    of: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type ItemUnit = Static<typeof ItemUnit>;

export const ItemDefinition = Type.Object(
  {
    /** Canonical id (`itemIdOf`): of its GTIN where it has one, else a URI or the own code as it is. */
    item: Id,
    gtin: Type.Optional(Type.String({ pattern: '^\\d{14}$' })),
    /** The organisation's own code. */
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    name: Type.String({ minLength: 1, maxLength: 512 }),
    kind: ItemKind,
    /** UN/ECE Rec 20. */
    baseUnit: Type.String({ minLength: 1, maxLength: 64 }),
    /** Other units it is counted in, beside what Rec 20 fixes. */
    units: Type.Optional(Type.Array(ItemUnit, { minItems: 1 })),
    /** Share by which a transformation may give more than went in ("0.02" is 2 %) before it is a discrepancy. */
    tolerance: Type.Optional(Type.String({ pattern: '^(\\d+(\\.\\d*)?|\\.\\d+)$', maxLength: 32 })),
    shelfLife: Type.Optional(ShelfLife),
    recipe: Type.Optional(Recipe),
    /** Of one base unit: an exact decimal and an ISO 4217 code. */
    cost: Type.Optional(
      Type.Object(
        {
          value: Type.String({ pattern: '^\\d+(\\.\\d+)?$', maxLength: 64 }),
          currency: Type.String({ pattern: '^[A-Z]{3}$' }),
        },
        { additionalProperties: false },
      ),
    ),
    /** Of a case or another trade unit: what one of it contains. */
    contains: Type.Optional(
      Type.Array(Type.Object({ item: Id, amount: StatedAmount }, { additionalProperties: false }), { minItems: 1 }),
    ),
  },
  { additionalProperties: false },
);

const yoghurt = {
  item: 'https://id.gs1.org/01/09506000134352',
  gtin: '09506000134352',
  code: 'YOG-500',
  name: 'Yoghurt 500 g',
  kind: 'finished' as const,
  baseUnit: 'EA',
  tolerance: '0.02',
  shelfLife: { rule: 'fixed' as const, days: 28 },
};

export const ItemDefined = defineEvent({
  type: 'ItemDefined',
  version: 1,
  context: 'production',
  summary: 'An item that is made, bought or sold was defined.',
  data: ItemDefinition,
  sample: yoghurt,
});

/** Carries the whole definition as it is from now on. */
export const ItemChanged = defineEvent({
  type: 'ItemChanged',
  version: 1,
  context: 'production',
  summary: 'The definition of an item was replaced.',
  data: ItemDefinition,
  sample: { ...yoghurt, shelfLife: { rule: 'fixed' as const, days: 30 } },
});
