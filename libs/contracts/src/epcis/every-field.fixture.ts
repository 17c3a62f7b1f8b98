import type { EpcisEvent } from './events.js';

/** One event of each type with every field of EPCIS 2.0 section 7.4, extensions at every level, and its context. */
export const context = {
  prefixes: { ext: 'https://ext.example/epcis/', note: 'https://ext.example/note' },
  contexts: [],
};

const quantities = (lot: string) => [
  { epcClass: `urn:epc:class:lgtin:4012345.012345.${lot}`, quantity: 200.5, uom: 'KGM' },
  { epcClass: 'urn:epc:idpat:sgtin:0614141.112345.*', quantity: 3 },
  { epcClass: 'https://id.gs1.org/01/09506000134352/10/ABC' },
];
const epcs = ['urn:epc:id:sgtin:0614141.107346.2018', 'https://id.gs1.org/01/10614141073464/21/2019'];

const shared = {
  eventID: 'urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
  eventTime: '2026-04-05T02:33:31.1160000Z',
  eventTimeZoneOffset: '-06:00',
  recordTime: '2026-04-05T02:33:31.116Z',
  certificationInfo: ['https://accreditation.example/certificate/1'],
};
const circumstances = {
  bizStep: 'cbv:BizStep-receiving',
  disposition: 'in_progress',
  persistentDisposition: { set: ['completeness_verified'], unset: ['urn:epcglobal:cbv:disp:completeness_inferred'] },
  readPoint: { id: 'urn:epc:id:sgln:0012345.11111.400', 'ext:gate': { 'ext:no': 7 } },
  bizLocation: { id: 'https://id.gs1.org/414/4012345002256' },
  bizTransactionList: [
    { type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:0614141073467:1152' },
    { bizTransaction: 'INV 17' },
  ],
  sourceList: [
    { type: 'location', source: 'urn:epc:id:sgln:4012345.00225.0' },
    { type: 'https://ref.gs1.org/cbv/SDT-owning_party', source: 'urn:epc:id:pgln:4012345.00225' },
  ],
  destinationList: [
    { type: 'urn:epcglobal:cbv:sdt:possessing_party', destination: 'urn:epc:id:pgln:0614141.00777' },
    { type: 'urn:ext:carrier', destination: 'urn:ext:carrier:1' },
  ],
  sensorElementList: [
    {
      type: 'epcis:SensorElement',
      sensorMetadata: { time: '2026-04-02T13:05:00Z', deviceID: 'urn:epc:id:giai:4000001.111', 'ext:calibrated': true },
      sensorReport: [
        { type: 'Temperature', value: 26.0, uom: 'CEL', minValue: -1, booleanValue: false, 'ext:probe': 'A' },
        { type: 'gs1:RelativeHumidity', value: 12.1, uom: 'P1', time: '2026-04-02T13:00:00Z' },
      ],
    },
  ],
  'ext:array': ['12', { 'ext:object': [1, 2.5, null, true] }],
  note: 'a term that the context defines',
  'https://ext.example/full': 'a whole URI as name',
};
const ilmd = { 'cbvmda:lotNumber': 'ABC', 'cbvmda:itemExpirationDate': '2026-12-31', 'ext:tank': { 'ext:no': 12 } };

export const everyField = [
  {
    type: 'ObjectEvent',
    ...shared,
    ...circumstances,
    action: 'ADD',
    epcList: epcs,
    quantityList: quantities('998877'),
    ilmd,
    errorDeclaration: {
      declarationTime: '2026-04-06T00:00:00Z',
      reason: 'incorrect_data',
      correctiveEventIDs: ['urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a9'],
      'ext:by': 'quality',
    },
  },
  {
    type: 'AggregationEvent',
    ...shared,
    ...circumstances,
    action: 'ADD',
    parentID: 'urn:epc:id:sscc:0614141.1234567890',
    childEPCs: epcs,
    childQuantityList: quantities('998877'),
  },
  { type: 'AggregationEvent', ...shared, action: 'DELETE', parentID: 'urn:epc:id:sscc:0614141.1234567890' },
  {
    type: 'TransactionEvent',
    ...shared,
    ...circumstances,
    action: 'OBSERVE',
    parentID: 'urn:epc:id:sscc:0614141.1234567890',
    epcList: epcs,
    quantityList: quantities('998877'),
  },
  {
    type: 'epcis:TransformationEvent',
    ...shared,
    ...circumstances,
    transformationID: 'run 17',
    inputEPCList: epcs,
    inputQuantityList: quantities('A'),
    outputEPCList: ['urn:epc:id:sgtin:0614141.107346.3'],
    outputQuantityList: quantities('B'),
    ilmd,
  },
  {
    type: 'AssociationEvent',
    ...shared,
    ...circumstances,
    action: 'DELETE',
    parentID: 'urn:epc:id:grai:4012345.55555.987',
    childEPCs: ['urn:epc:id:giai:4000001.12345'],
    childQuantityList: quantities('998877'),
  },
] as readonly unknown[] as readonly (EpcisEvent & { type: string })[];
