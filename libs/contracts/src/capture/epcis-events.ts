import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Code, DateTime, Text, Uri } from './shapes.js';

export const EpcisEventCaptured = defineEvent({
  type: 'EpcisEventCaptured',
  version: 1,
  context: 'capture',
  summary: 'An EPCIS 2.0 event was captured; the log holds the original, every consumer interprets it.',
  data: Type.Object(
    {
      /** Its eventID in canonical form, or the id derived from its content where it has none. */
      eventId: Uri,
      /** It carries an errorDeclaration: it voids the event of this id. Identity is (eventId, declaration). */
      declaration: Type.Boolean(),
      /**
       * The event verbatim, as object. A number literal that a double cannot hold as written (12000.0, 20 digits) is a raw
       * JSON value: read numbers by `exactNumber`, and text of the log by `parseLossless`.
       */
      event: Type.Record(Type.String(), Type.Unknown()),
      /** Prefixes that its document's or its own `@context` defined, beyond those of the standard's context. */
      prefixes: Type.Record(Type.String(), Type.String()),
      /** Contexts given by address, beyond the standard's. */
      contexts: Type.Optional(Type.Array(Uri)),
      /** The capture job it came with; not part of its content. */
      captureId: Type.Optional(Text),
      /** The reporting system, where known. */
      reportedBy: Type.Optional(Text),
    },
    { additionalProperties: false },
  ),
  sample: {
    eventId: 'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
    declaration: false,
    event: {
      type: 'ObjectEvent',
      eventID: 'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
      eventTime: '2026-01-17T09:30:00.000+01:00',
      eventTimeZoneOffset: '+01:00',
      action: 'OBSERVE',
      bizStep: 'shipping',
      quantityList: [{ epcClass: 'urn:epc:class:lgtin:9521321.000003.Y-118', quantity: 40, uom: 'KGM' }],
      readPoint: { id: 'urn:epc:id:sgln:952132100001.0.0' },
      'dairy:truck': 'T-7',
    },
    prefixes: { dairy: 'https://dairy.example/epcis/' },
    captureId: '3f0c1e9e-7a55-4f3e-8b5d-0a6f5a3f1b11',
  },
});

export const MasterDataCaptured = defineEvent({
  type: 'MasterDataCaptured',
  version: 1,
  context: 'capture',
  summary: 'An EPCIS header described an item, a place or a party; one event for each vocabulary element.',
  data: Type.Object(
    {
      /** What the vocabulary is of. An element of kind `item` may be a lot too: `canonicalId(id).kind` tells. */
      kind: Type.Enum(['item', 'place', 'party', 'other']),
      /** Canonical id of the element. */
      id: Uri,
      /** As written in the document. */
      statedId: Uri,
      vocabularyType: Text,
      /** Verbatim: `{id: 'urn:epcglobal:cbv:mda#name', attribute: …}`; the attribute is text or an object. */
      attributes: Type.Array(Type.Object({ id: Text, attribute: Type.Unknown() }, { additionalProperties: true })),
      /** Ids of the elements below it (places within a place), as written. */
      children: Type.Optional(Type.Array(Uri)),
      /** creationDate of the document: of two statements the later holds. */
      statedAt: DateTime,
      captureId: Type.Optional(Code),
    },
    { additionalProperties: false },
  ),
  sample: {
    kind: 'place',
    id: 'https://id.gs1.org/414/9521321000018',
    statedId: 'urn:epc:id:sgln:952132100001..0',
    vocabularyType: 'urn:epcglobal:epcis:vtype:BusinessLocation',
    attributes: [{ id: 'urn:epcglobal:cbv:mda#name', attribute: 'Dairy North' }],
    children: ['urn:epc:id:sgln:952132100001..COLD-2'],
    statedAt: '2026-01-17T09:30:00.000+01:00',
  },
});
