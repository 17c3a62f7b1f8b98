import Type, { type Static } from 'typebox';

/** Canonical id of a lot, item, place or party (`canonicalId` of #kernel). */
export const Id = Type.String({ minLength: 1, maxLength: 2048 });
export const Reason = Type.String({ minLength: 1, maxLength: 2000 });
const Day = Type.String({ minLength: 10, maxLength: 64 });

/** An exact decimal number as text and a UN/ECE Rec 20 unit code. */
export const StatedAmount = Type.Object(
  {
    value: Type.String({ pattern: '^(\\d+(\\.\\d*)?|\\.\\d+)$', maxLength: 64 }),
    unit: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);

export const TransformationInput = Type.Object(
  {
    lot: Id,
    amount: StatedAmount,
    /** Where it was taken from, where that is not the place of the transformation. */
    place: Type.Optional(Id),
  },
  { additionalProperties: false },
);

export const OutputRole = Type.Union([
  Type.Literal('product'),
  Type.Literal('co-product'),
  Type.Literal('by-product'),
  Type.Literal('waste'),
]);

export const TransformationOutput = Type.Object(
  {
    lot: Id,
    amount: StatedAmount,
    role: OutputRole,
    /** Where it lies afterwards, where that is not the place of the transformation. */
    place: Type.Optional(Id),
    /** Given, or following from the item's shelf-life rule. */
    dates: Type.Optional(
      Type.Object(
        {
          production: Type.Optional(Day),
          expiry: Type.Optional(Day),
          bestBefore: Type.Optional(Day),
          retest: Type.Optional(Day),
          removal: Type.Optional(Day),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

export const TransformationKind = Type.Union([
  Type.Literal('production'),
  Type.Literal('rework'),
  Type.Literal('split'),
  Type.Literal('merge'),
  Type.Literal('repack'),
  Type.Literal('relabel'),
  Type.Literal('disassembly'),
]);
export type TransformationKind = Static<typeof TransformationKind>;

/** What went in and is in no lot: evaporated, spilt, trimmed off unweighed. Waste that is kept is an output with a lot. */
export const DeclaredLoss = Type.Object(
  { amount: StatedAmount, reason: Type.Optional(Reason) },
  { additionalProperties: false },
);

/** What a transformation says happened. */
export const TransformationStatement = Type.Object(
  {
    kind: TransformationKind,
    /** A known place: inputs are taken and outputs lie here unless they say otherwise. */
    place: Id,
    inputs: Type.Array(TransformationInput),
    outputs: Type.Array(TransformationOutput),
    /** Moves nothing: explains what is missing between inputs and outputs. */
    losses: Type.Optional(Type.Array(DeclaredLoss, { minItems: 1 })),
  },
  { additionalProperties: false },
);
export type TransformationStatement = Static<typeof TransformationStatement>;
