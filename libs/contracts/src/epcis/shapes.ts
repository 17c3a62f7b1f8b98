import Type, { type TProperties } from 'typebox';

export const EpcUri = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cc}\\p{Cf}\\p{Cs}]+$',
  maxLength: 600,
  description: 'an id: an EPC URN, a GS1 Digital Link or any other URI',
});
export const Time = Type.String({
  format: 'instant',
  description: 'a date-time with an offset, 2026-03-31T14:05:00+02:00',
});
const Text = Type.String({ minLength: 1, maxLength: 4096 });
/** A term of a vocabulary in any of its forms; whether it is one is checked apart, with what was probably meant. */
export const Term = Type.String({ minLength: 1, maxLength: 600 });

/**
 * EPCIS 2.0 section 10: a member is a field of the standard or an extension whose name has a prefix (or is a URI).
 * JSON-LD keywords (`@context`) are let through.
 */
export const extensible = <const P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false, patternProperties: { '^@|:': {} } });

const list = <const S extends Parameters<typeof Type.Array>[0]>(item: S) =>
  Type.Optional(Type.Array(item, { maxItems: 100_000 }));

/** EPCIS 2.0 section 7.3.3.3: without quantity it is not known; without unit it counts pieces. */
export const QuantityElement = extensible({
  epcClass: EpcUri,
  quantity: Type.Optional(Type.Number({ minimum: 0, description: 'a number, zero or more' })),
  uom: Type.Optional(
    Type.String({ pattern: '^[A-Z0-9]{2,3}$', description: 'a UN/ECE Rec 20 unit code of 2 or 3 characters' }),
  ),
});

export const Epcs = list(EpcUri);
export const Quantities = list(QuantityElement);

const Place = Type.Optional({ ...extensible({ id: EpcUri }), description: 'an object with an id, {"id": "urn:…"}' });
const Named = { id: Type.Optional(EpcUri) };

const SensorReport = Type.Object(
  {
    type: Type.Optional(Term),
    exception: Type.Optional(Term),
    deviceID: Type.Optional(EpcUri),
    deviceMetadata: Type.Optional(EpcUri),
    rawData: Type.Optional(EpcUri),
    dataProcessingMethod: Type.Optional(EpcUri),
    time: Type.Optional(Time),
    value: Type.Optional(Type.Number()),
    minValue: Type.Optional(Type.Number()),
    maxValue: Type.Optional(Type.Number()),
    meanValue: Type.Optional(Type.Number()),
    sDev: Type.Optional(Type.Number()),
    percRank: Type.Optional(Type.Number()),
    percValue: Type.Optional(Type.Number()),
    stringValue: Type.Optional(Type.String()),
    booleanValue: Type.Optional(Type.Boolean()),
    uriValue: Type.Optional(EpcUri),
    uom: Type.Optional(Text),
  },
  { additionalProperties: true },
);

const SensorElement = extensible({
  ...Named,
  type: Type.Optional(Term),
  sensorMetadata: Type.Optional(
    Type.Object(
      {
        time: Type.Optional(Time),
        startTime: Type.Optional(Time),
        endTime: Type.Optional(Time),
        deviceID: Type.Optional(EpcUri),
      },
      { additionalProperties: true },
    ),
  ),
  sensorReport: Type.Array(SensorReport, { minItems: 1 }),
});

const ErrorDeclaration = extensible({
  declarationTime: Time,
  reason: Type.Optional(Term),
  correctiveEventIDs: list(EpcUri),
});

/** What every event has (EPCIS 2.0 section 7.4.1). */
export const common = {
  '@context': Type.Optional(Type.Unknown()),
  type: Type.String(),
  /** It names the event's stream in the log, hence its length. */
  eventID: Type.Optional({ ...EpcUri, maxLength: 500 }),
  eventTime: Time,
  eventTimeZoneOffset: Type.String({
    pattern: '^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$',
    description: 'an offset from UTC between -14:00 and +14:00, written +02:00',
  }),
  recordTime: Type.Optional(Time),
  errorDeclaration: Type.Optional(ErrorDeclaration),
  certificationInfo: Type.Optional(
    Type.Unsafe<string | string[]>({ type: ['string', 'array'], items: { type: 'string' } }),
  ),
};

/** Why, where and between whom (EPCIS 2.0 section 7.3.5): the same for every type but for `action`. */
export const circumstances = {
  bizStep: Type.Optional(Term),
  disposition: Type.Optional(Term),
  persistentDisposition: Type.Optional(extensible({ set: list(Term), unset: list(Term) })),
  readPoint: Place,
  bizLocation: Place,
  bizTransactionList: list(extensible({ type: Type.Optional(Term), bizTransaction: Text })),
  sourceList: list(extensible({ type: Term, source: EpcUri })),
  destinationList: list(extensible({ type: Term, destination: EpcUri })),
  sensorElementList: list(SensorElement),
};

export const Action = Type.Enum(['ADD', 'OBSERVE', 'DELETE']);
export const Ilmd = Type.Optional(Type.Record(Type.String(), Type.Unknown()));
export const AnyText = Text;
