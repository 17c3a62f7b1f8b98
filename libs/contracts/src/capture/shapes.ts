import Type, { type Static } from 'typebox';

/** Any URI: a scheme, then no white space. What stands behind the scheme is the business of `canonicalId`. */
export const Uri = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cc}\\p{Cf}\\p{Cs}]+$',
  maxLength: 600,
  description: 'a URI',
});

/** A date-time with an offset, to any precision, naming a possible moment. */
export const DateTime = Type.String({ format: 'instant', description: 'a date-time with an offset' });

/** A calendar day, alone (also as GS1 writes it: YYMMDD), or as part of a date-time whose own offset it is taken in. */
export const Day = Type.String({
  format: 'calendar-day',
  description: 'a date (2026-03-31) or date-time with an offset',
});

export const Text = Type.String({ minLength: 1, maxLength: 2000 });
export const Code = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^\\S(.*\\S)?$',
  description: 'text without outer spaces',
});

/** GTIN-8, -12, -13, -14 in digits, or any URI. */
export const ItemRef = Type.String({
  pattern: '^([0-9]{8}|[0-9]{12,14}|[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cc}\\p{Cf}\\p{Cs}]+)$',
  maxLength: 600,
  description: 'a GTIN or a URI',
});
/** GLN in digits, or any URI. */
export const PlaceRef = Type.String({
  pattern: '^([0-9]{13}|[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cc}\\p{Cf}\\p{Cs}]+)$',
  maxLength: 600,
  description: 'a GLN or a URI',
});
/** Party GLN in digits, or any URI. */
export const PartyRef = PlaceRef;
/** SSCC in digits, or any URI. */
export const UnitRef = Type.String({
  pattern: '^([0-9]{18}|[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cc}\\p{Cf}\\p{Cs}]+)$',
  maxLength: 600,
  description: 'an SSCC or a URI',
});

/** A lot named by its parts. `issuer` is the party that gave the code; without it the code is the organisation's own. */
export interface LotParts {
  item: string;
  lotCode: string;
  issuer?: string;
}
export type LotRef = string | LotParts;

/**
 * A lot by any id form (GS1 Digital Link, EPC URN, any URI) or by item and lot code. One schema instead of a union, so
 * that what is wrong is said of the form that was used.
 */
export const LotRef = Type.Unsafe<LotRef>({
  type: ['string', 'object'],
  pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cc}\\p{Cf}\\p{Cs}]+$',
  maxLength: 600,
  properties: { item: ItemRef, lotCode: Code, issuer: PartyRef },
  required: ['item', 'lotCode'],
  additionalProperties: false,
  description: 'a URI, or {item, lotCode, issuer?}',
});

/** Exact decimals are text, so that no reader rounds them; never negative. No unit means pieces (EA). */
export const Quantity = Type.Object(
  {
    value: Type.String({
      pattern: '^[0-9]{1,30}(\\.[0-9]{1,30})?$',
      description: 'a decimal number as text, zero or more, e.g. "12.5"',
    }),
    unit: Type.Optional(
      Type.String({ pattern: '^[A-Z0-9]{2,3}$', description: 'a UN/ECE Rec 20 unit code, e.g. "KGM"' }),
    ),
  },
  { additionalProperties: false, description: 'an object, {"value": "12.5", "unit": "KGM"}' },
);
export type Quantity = Static<typeof Quantity>;

export const Dates = Type.Object(
  {
    production: Type.Optional(Day),
    expiry: Type.Optional(Day),
    bestBefore: Type.Optional(Day),
    retest: Type.Optional(Day),
    removal: Type.Optional(Day),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type Dates = Static<typeof Dates>;

/** An amount of a lot. Without quantity the interpreter applies the rules of a missing quantity. */
export const Goods = Type.Object(
  {
    lot: LotRef,
    quantity: Type.Optional(Quantity),
    /** The supplier's own code, kept beside ours. */
    supplierLot: Type.Optional(Code),
    dates: Type.Optional(Dates),
  },
  { additionalProperties: false },
);
export type Goods = Static<typeof Goods>;

/** A document or commanded act that the fact belongs to: `{type: 'shipment', id: 'S-17'}` confirms shipment S-17. */
export const Reference = Type.Object(
  {
    type: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,39}$',
      description: 'shipment, run, order, despatch-advice, invoice or another word of the sender',
    }),
    id: Code,
  },
  { additionalProperties: false },
);
export type Reference = Static<typeof Reference>;
