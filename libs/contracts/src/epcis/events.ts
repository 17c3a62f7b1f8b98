import Type, { type Static } from 'typebox';
import { Action, AnyText, circumstances, common, EpcUri, Epcs, extensible, Ilmd, Quantities } from './shapes.js';

/** EPCIS 2.0 section 7.4.2. */
export const ObjectEvent = extensible({
  ...common,
  ...circumstances,
  action: Action,
  epcList: Epcs,
  quantityList: Quantities,
  ilmd: Ilmd,
});

/** EPCIS 2.0 section 7.4.3. */
export const AggregationEvent = extensible({
  ...common,
  ...circumstances,
  action: Action,
  parentID: Type.Optional(EpcUri),
  childEPCs: Epcs,
  childQuantityList: Quantities,
});

/** EPCIS 2.0 section 7.4.4. */
export const TransactionEvent = extensible({
  ...common,
  ...circumstances,
  action: Action,
  parentID: Type.Optional(EpcUri),
  epcList: Epcs,
  quantityList: Quantities,
});

/** EPCIS 2.0 section 7.4.5. The transformation id of many senders is no URI: any text is taken. */
export const TransformationEvent = extensible({
  ...common,
  ...circumstances,
  transformationID: Type.Optional(AnyText),
  inputEPCList: Epcs,
  inputQuantityList: Quantities,
  outputEPCList: Epcs,
  outputQuantityList: Quantities,
  ilmd: Ilmd,
});

/** EPCIS 2.0 section 7.4.6. */
export const AssociationEvent = extensible({
  ...common,
  ...circumstances,
  action: Action,
  parentID: EpcUri,
  childEPCs: Epcs,
  childQuantityList: Quantities,
});

export const epcisEvents = {
  ObjectEvent,
  AggregationEvent,
  TransactionEvent,
  TransformationEvent,
  AssociationEvent,
} as const;
export type EpcisEventType = keyof typeof epcisEvents;
export const EPCIS_EVENT_TYPES = Object.keys(epcisEvents) as EpcisEventType[];

/** Any of the five, as typed by the standard; extensions stand beside under their prefixed names. */
export type EpcisEvent = Partial<
  Static<typeof ObjectEvent> &
    Static<typeof AggregationEvent> &
    Static<typeof TransactionEvent> &
    Static<typeof TransformationEvent> &
    Static<typeof AssociationEvent>
> &
  Record<string, unknown>;

/** The event type written bare, as CURIE (`epcis:ObjectEvent`) or as URI; undefined where it is none of the five. */
export const epcisEventType = (text: unknown): EpcisEventType | undefined => {
  if (typeof text !== 'string') return undefined;
  const bare = text.replace(/^(epcis:|https:\/\/(ref|ns)\.gs1\.org\/epcis\/)/, '');
  return EPCIS_EVENT_TYPES.find((type) => type === bare);
};
