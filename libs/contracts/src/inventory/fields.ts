import Type, { type Static } from 'typebox';

/** Canonical id of a lot, place, party or unit (`canonicalId` of #kernel). */
export const Id = Type.String({ minLength: 1, maxLength: 2048 });

/** A day, or a date-time whose own written offset tells the day. */
export const Day = Type.String({ minLength: 10, maxLength: 64 });

/** An exact decimal number as text and a UN/ECE Rec 20 unit code. */
export const StatedAmount = Type.Object(
  {
    value: Type.String({ pattern: '^-?(\\d+(\\.\\d*)?|\\.\\d+)$', maxLength: 64 }),
    unit: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);

/** Position of the log at which known stock stood when the decision was taken. */
export const KnownAt = Type.String({ maxLength: 64 });

/** The dates of a lot; each is separate. */
export const StatedDates = Type.Object(
  {
    production: Type.Optional(Day),
    expiry: Type.Optional(Day),
    bestBefore: Type.Optional(Day),
    retest: Type.Optional(Day),
    removal: Type.Optional(Day),
  },
  { additionalProperties: false },
);

/** An amount of a lot at a place: what commitments are made of. */
export const LotAtPlace = Type.Object({ lot: Id, place: Id, amount: StatedAmount }, { additionalProperties: false });

/** A lot that a choice of lots looked at, and what came of it. */
export const LookedAt = Type.Object(
  {
    lot: Id,
    place: Id,
    /** For people. */
    why: Type.String(),
    /** The line it was looked at for, from 0. */
    line: Type.Optional(Type.Integer({ minimum: 0 })),
    outcome: Type.Optional(Type.Union([Type.Literal('taken'), Type.Literal('passed-over')])),
    /** Why it was passed over, as a refusal says it. */
    code: Type.Optional(Type.String({ maxLength: 64 })),
    /** What was taken. */
    amount: Type.Optional(StatedAmount),
  },
  { additionalProperties: false },
);
export type LookedAt = Static<typeof LookedAt>;
