import { uuidFromName } from '#kernel';
import type { Unrecorded } from './recorded.js';

const GDST = 'urn:gdst:example.org';
const lot = (name: string): string => `${GDST}:product:lot:class:acme.flour.${name}`;
const unit = (name: string): string => `urn:epc:id:sscc:9521321.${name.charCodeAt(0).toString().padStart(10, '0')}`;
const isUnit = (name: string): boolean => name >= 'U';
const place = { id: `${GDST}:location:loc:acme.1` };

const captured = (hour: number, body: Record<string, unknown>): Unrecorded => {
  const eventId = `urn:uuid:00000000-0000-4000-8000-${String(hour).padStart(12, '0')}`;
  const eventTime = `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const event = { ...body, eventID: eventId, eventTime, eventTimeZoneOffset: '+00:00', bizLocation: place };
  return {
    id: uuidFromName(`fact:${eventId}`),
    type: 'EpcisEventCaptured',
    eventTime,
    data: { eventId, declaration: false, event, prefixes: {} },
  };
};

const quantities = (of: Record<string, number>): object[] =>
  Object.entries(of).map(([name, quantity]) => ({ epcClass: lot(name), quantity, uom: 'KGM' }));

/** What the hour names happened at that hour; lots are A, B …, units U, V …. */
export const object = (hour: number, name: string, amount: number): Unrecorded =>
  captured(hour, {
    ...{ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', quantityList: quantities({ [name]: amount }) },
    ilmd: { 'cbvmda:productionDate': '2026-03-01' },
  });

export const ship = (hour: number, name: string, amount = 0): Unrecorded =>
  captured(hour, {
    ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'shipping' },
    ...(isUnit(name) ? { epcList: [unit(name)] } : { quantityList: quantities({ [name]: amount }) }),
    destinationList: [{ type: 'owning_party', destination: `${GDST}:party:buyer.1` }],
  });

export const pack = (hour: number, into: string, name: string, amount = 0): Unrecorded =>
  captured(hour, {
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', parentID: unit(into) },
    ...(isUnit(name) ? { childEPCs: [unit(name)] } : { childQuantityList: quantities({ [name]: amount }) }),
  });

export const transform = (
  hour: number,
  inputs: Record<string, number>,
  outputs: Record<string, number>,
  run: string,
): Unrecorded =>
  captured(hour, {
    ...{ type: 'TransformationEvent', bizStep: 'commissioning', transformationID: run },
    inputQuantityList: quantities(inputs),
    outputQuantityList: quantities(outputs),
  });

/** The error declaration of an event. */
export const voiding = (fact: Unrecorded): Unrecorded => {
  const data = fact.data as { eventId: string };
  return { ...fact, id: uuidFromName(`declaration:${data.eventId}`), data: { ...data, declaration: true } };
};
