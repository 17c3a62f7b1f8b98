import { CloudEvent, EPCIS_EVENT_TYPES, epcisDocuments, epcisEvents, GoodsReceived, nativeFacts } from '#contracts';

interface ObjectSchema {
  properties: Record<string, object>;
  required?: string[];
}

/** EPCIS names its types bare, as CURIE or as URI. */
const named = (type: string) => ({
  enum: ['', 'epcis:', 'https://ref.gs1.org/epcis/', 'https://ns.gs1.org/epcis/'].map((prefix) => prefix + type),
});

const epcisEvent = {
  description: 'One EPCIS 2.0 event; what an extension is called has a prefix.',
  anyOf: EPCIS_EVENT_TYPES.map((type) => {
    const schema: ObjectSchema = epcisEvents[type];
    return { ...schema, title: type, properties: { ...schema.properties, type: named(type) } };
  }),
};

const epcisDocument = {
  description: 'One EPCIS 2.0 document, with its events and master data.',
  anyOf: Object.entries(epcisDocuments).map(([type, schema]) => ({ ...schema, title: type })),
};

/** The data of a fact as its reporter writes it: its id is that of the CloudEvent. */
const reported = (data: ObjectSchema): ObjectSchema => {
  const { eventId: _, ...properties } = data.properties;
  return { ...data, properties, required: (data.required ?? []).filter((name) => name !== 'eventId') };
};

const schemaOf = (type: string): string => `Reported${type}`;
const dataOf = (type: string) => ({ $ref: `#/components/schemas/${schemaOf(type)}` });

/** What the messages refer to: the data of each fact, by the name of the schema. */
export const reportedFacts = Object.fromEntries(
  nativeFacts.map(({ type, summary, data }) => [schemaOf(type), { description: summary, ...reported(data) }]),
);

const cloudEvent = {
  ...CloudEvent,
  description: 'One native fact as a CloudEvent 1.0 in JSON, structured mode.',
  oneOf: nativeFacts.map(({ type }) => ({
    title: type,
    properties: { type: { const: type }, data: dataOf(type) },
  })),
};

const inboundHeaders = { type: 'object', allOf: [{ $ref: '#/components/schemas/InboundHeaders' }] };

const { eventId: _, ...goodsReceived } = GoodsReceived.sample;

/** What others may write to the way in, by the name of the message. */
export const inboundMessages = {
  EpcisEvent: {
    name: 'EpcisEvent',
    summary: 'An EPCIS 2.0 event (`POST /epcis/events`).',
    contentType: 'application/ld+json',
    headers: inboundHeaders,
    payload: epcisEvent,
    examples: [
      {
        name: 'sample',
        payload: {
          '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
          type: 'ObjectEvent',
          eventID: 'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
          eventTime: '2026-01-17T09:30:00.000+01:00',
          eventTimeZoneOffset: '+01:00',
          action: 'OBSERVE',
          bizStep: 'shipping',
          quantityList: [{ epcClass: 'urn:epc:class:lgtin:9521321.000003.Y-118', quantity: 40, uom: 'KGM' }],
          readPoint: { id: 'urn:epc:id:sgln:952132100001.0.0' },
        },
      },
    ],
  },
  EpcisDocument: {
    name: 'EpcisDocument',
    summary: 'An EPCIS 2.0 document (`POST /epcis/capture`).',
    contentType: 'application/ld+json',
    headers: inboundHeaders,
    payload: epcisDocument,
  },
  CloudEvent: {
    name: 'CloudEvent',
    summary: 'A native fact (`POST /events`).',
    contentType: 'application/cloudevents+json',
    headers: inboundHeaders,
    payload: cloudEvent,
    examples: [
      {
        name: 'sample',
        payload: {
          specversion: '1.0',
          id: 'receipt-1',
          source: 'urn:example:system:wms',
          type: GoodsReceived.type,
          time: '2026-03-02T06:30:00+01:00',
          data: goodsReceived,
        },
      },
    ],
  },
  BinaryCloudEvent: {
    name: 'BinaryCloudEvent',
    summary: 'A native fact whose attributes are headers and whose data is the value.',
    contentType: 'application/json',
    headers: { type: 'object', allOf: [{ $ref: '#/components/schemas/BinaryHeaders' }] },
    payload: {
      description: 'The data of the fact that `ce_type` names.',
      anyOf: nativeFacts.map(({ type }) => dataOf(type)),
    },
    examples: [
      {
        name: 'sample',
        headers: {
          ce_specversion: '1.0',
          ce_id: 'receipt-1',
          ce_source: 'urn:example:system:wms',
          ce_type: GoodsReceived.type,
          ce_time: '2026-03-02T06:30:00+01:00',
          'content-type': 'application/json',
        },
        payload: goodsReceived,
      },
    ],
  },
};
