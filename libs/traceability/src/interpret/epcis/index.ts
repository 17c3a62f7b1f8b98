import { canonicalStep, type EpcisEventCaptured, type RecordedOf } from '#contracts';
import { canonicalId } from '#kernel';
import type { Happening, LotDates, Party, Thing, Verb } from '../../happening.js';
import { base, instantOf } from '../base.js';
import { byUnits } from '../packed-for.js';
import { confirmationsOf } from './business.js';
import { ilmdOf, type Ilmd } from './ilmd.js';
import { partyOf } from './parties.js';
import { epcThings, quantityThings } from './things.js';
import { aggregationVerb, objectVerb, unitVerb } from './verb.js';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What all happenings of one event share, and what they are read with. */
interface Reading {
  event: Record<string, unknown>;
  prefixes: Readonly<Record<string, string>>;
  warnings: string[];
  ilmd: Ilmd;
  step: string | undefined;
  shared: Omit<Happening, 'verb' | 'things'>;
}

const placeOf = (value: unknown, warnings: string[]): string | undefined => {
  const id = text(typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value);
  if (id === undefined) return undefined;
  const place = canonicalId(id);
  if (place.warning !== undefined) warnings.push(place.warning);
  return place.id;
};

const read = (captured: RecordedOf<typeof EpcisEventCaptured>): Reading => {
  const { event, prefixes, eventId, reportedBy } = captured.data;
  const warnings: string[] = [];
  const step = text(event.bizStep);
  const readPoint = placeOf(event.readPoint, warnings);
  const bizLocation = placeOf(event.bizLocation, warnings);
  const source = partyOf(event.sourceList, 'source', prefixes);
  const destination = partyOf(event.destinationList, 'destination', prefixes);
  const canonical = step === undefined ? undefined : canonicalStep(step, prefixes);
  return {
    event,
    prefixes,
    warnings,
    ilmd: ilmdOf(event.ilmd, prefixes, warnings),
    step: canonical,
    shared: {
      ...base(captured, eventId),
      time: instantOf(text(event.eventTime) ?? captured.eventTime, text(event.eventTimeZoneOffset)),
      ...(reportedBy !== undefined && { reporter: reportedBy }),
      ...(canonical !== undefined && { step: canonical }),
      ...(readPoint !== undefined && { readPoint }),
      ...(bizLocation !== undefined && { bizLocation }),
      ...(source !== undefined && { source }),
      ...(destination !== undefined && { destination }),
    },
  };
};

/** ilmd dates belong to every lot it was given for, and to the lot that a serial states. */
const datesFor = (things: readonly Thing[], dates: LotDates): Record<string, LotDates> | undefined => {
  const ids = things.flatMap((t) => (t.kind === 'unit' ? [] : t.lot === undefined ? [t.id] : [t.id, t.lot]));
  return Object.keys(dates).length === 0 || ids.length === 0
    ? undefined
    : Object.fromEntries(ids.map((id) => [id, { ...dates }]));
};

/**
 * An observation says what is at its place, however often it is repeated; only a reported move of just an amount says that
 * so much more came from a place.
 */
const seenFrom = (source: Party | undefined): { source?: Party } => {
  if (source?.location === undefined) return {};
  const { location: _, ...parties } = source;
  return { source: parties };
};

const happening = (reading: Reading, verb: Verb, things: Thing[], more: Partial<Happening> = {}): Happening => {
  const confirms = [
    ...confirmationsOf(reading.event.bizTransactionList, verb, reading.prefixes),
    ...(more.confirms ?? []),
    ...byUnits({ ...reading.shared, verb, things }),
  ];
  const { warnings } = reading;
  return {
    ...reading.shared,
    ...(verb === 'observe' && seenFrom(reading.shared.source)),
    verb,
    things,
    ...more,
    ...(confirms.length > 0 && { confirms: [...new Set(confirms)] }),
    ...(warnings.length > 0 && { warnings: [...new Set(warnings)] }),
  };
};

const listed = ({ event, warnings, ilmd }: Reading, epcs: string, quantities: string, of: Ilmd = ilmd): Thing[] => [
  ...epcThings(event[epcs], of.lotCode, warnings),
  ...quantityThings(event[quantities], of.lotCode, warnings),
];

const objectEvent = (reading: Reading): Happening[] => {
  const { event, shared, step } = reading;
  const things = listed(reading, 'epcList', 'quantityList');
  const hasPlace = shared.readPoint !== undefined || shared.bizLocation !== undefined;
  const dates = datesFor(things, reading.ilmd.dates);
  return [
    happening(
      reading,
      objectVerb(text(event.action) ?? '', step, hasPlace),
      things,
      dates === undefined ? {} : { dates },
    ),
  ];
};

const unitOf = ({ event, warnings }: Reading): Thing | undefined => epcThings([event.parentID], undefined, warnings)[0];

const aggregationEvent = (reading: Reading): Happening[] => {
  const { event, step, shared } = reading;
  const unit = unitOf(reading);
  const children = listed(reading, 'childEPCs', 'childQuantityList');
  const action = text(event.action) ?? '';
  // Only an observation may leave the unit unnamed: then it says of the children what an ObjectEvent would.
  if (unit === undefined) {
    const hasPlace = shared.readPoint !== undefined || shared.bizLocation !== undefined;
    return [happening(reading, objectVerb('OBSERVE', step, hasPlace), children)];
  }
  const contents = happening(reading, aggregationVerb(action), children, { parent: unit.id });
  const ofUnit = unitVerb(step);
  return ofUnit === undefined ? [contents] : [contents, happening(reading, ofUnit, [{ id: unit.id, kind: 'unit' }])];
};

const NO_ILMD: Ilmd = { dates: {} };

const transformationEvent = (reading: Reading): Happening[] => {
  const { event, shared, ilmd } = reading;
  const inputs = listed(reading, 'inputEPCList', 'inputQuantityList', NO_ILMD);
  const outputs = listed(reading, 'outputEPCList', 'outputQuantityList');
  const dates = datesFor(outputs, ilmd.dates);
  const id = text(event.transformationID);
  return [
    happening(reading, 'transform', inputs, {
      outputs,
      transformation: id ?? shared.id,
      ...(id !== undefined && { confirms: [id, `transformation:${id}`, `run:${id}`] }),
      ...(dates !== undefined && { dates }),
    }),
  ];
};

/** Transactions and associations move nothing; they mention. */
const mention = (reading: Reading): Happening[] => {
  const unit = unitOf(reading);
  return [
    happening(reading, 'note', [
      ...(unit === undefined ? [] : [unit]),
      ...listed(reading, 'epcList', 'quantityList'),
      ...listed(reading, 'childEPCs', 'childQuantityList'),
    ]),
  ];
};

/**
 * What a captured EPCIS 2.0 event says happened (EPCIS 2.0 section 7.4, docs/trace.md). An error
 * declaration repeats the event it voids: it says nothing but that.
 */
export const epcisEventCaptured = (captured: RecordedOf<typeof EpcisEventCaptured>): Happening[] => {
  const reading = read(captured);
  if (captured.data.declaration) return [{ ...reading.shared, verb: 'note', things: [], voids: captured.data.eventId }];
  switch (text(reading.event.type ?? reading.event['@type'])?.replace(/^.*[:/#]/, '')) {
    case 'ObjectEvent':
      return objectEvent(reading);
    case 'AggregationEvent':
      return aggregationEvent(reading);
    case 'TransformationEvent':
      return transformationEvent(reading);
    default:
      return mention(reading);
  }
};
