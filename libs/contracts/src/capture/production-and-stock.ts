import Type from 'typebox';
import { defineFact } from './define-fact.js';
import { carried } from './receiving-and-shipping.js';
import { Code, Dates, Goods, LotRef, PlaceRef, Quantity, Text, UnitRef } from './shapes.js';

const Output = Type.Object(
  {
    lot: LotRef,
    quantity: Type.Optional(Quantity),
    /** `product` where it is not said. */
    kind: Type.Optional(Type.Enum(['product', 'co-product', 'by-product', 'waste'])),
    dates: Type.Optional(Dates),
  },
  { additionalProperties: false },
);

export const ProductionRecorded = defineFact(
  'ProductionRecorded',
  'Lots were consumed and lots were made of them; reports that share a run are one transformation.',
  {
    place: PlaceRef,
    /** Empty where something is made of nothing recorded: harvested, caught, mined. */
    inputs: Type.Array(Goods, { maxItems: 10_000 }),
    outputs: Type.Array(Output, { maxItems: 10_000 }),
    /** The production run. */
    runId: Type.Optional(Code),
    /** `production` where it is not said. */
    kind: Type.Optional(Type.Enum(['production', 'rework', 'split', 'merge', 'repack', 'relabel', 'disassembly'])),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a05',
    place: 'https://id.gs1.org/414/9521321000018',
    runId: 'RUN-118',
    inputs: [
      { lot: { item: '09521321000025', lotCode: 'R-2026-0117' }, quantity: { value: '500', unit: 'KGM' } },
      { lot: 'urn:dairy:culture:lot:C-9', quantity: { value: '0.25', unit: 'KGM' } },
    ],
    outputs: [
      {
        lot: 'https://id.gs1.org/01/09521321000032/10/Y-118',
        quantity: { value: '488.75', unit: 'KGM' },
        dates: { production: '2026-01-17', expiry: '2026-02-21' },
      },
      { lot: 'https://id.gs1.org/01/09521321000049/10/W-118', quantity: { value: '11', unit: 'KGM' }, kind: 'waste' },
    ],
  },
);

export const LotMoved = defineFact(
  'LotMoved',
  'Goods or units were moved to another place without changing hands.',
  { ...carried, from: Type.Optional(PlaceRef), to: PlaceRef },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a06',
    from: 'https://id.gs1.org/414/9521321000018/254/INTAKE',
    to: 'https://id.gs1.org/414/9521321000018/254/COLD-2',
    goods: [{ lot: { item: '09521321000025', lotCode: 'R-2026-0117' }, quantity: { value: '750.5', unit: 'KGM' } }],
  },
  { anyOf: ['goods', 'units'] },
);

export const UnitPacked = defineFact(
  'UnitPacked',
  'Goods or smaller units were put into a logistic unit.',
  { ...carried, unit: UnitRef, place: Type.Optional(PlaceRef) },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a07',
    unit: 'https://id.gs1.org/00/195213210000000015',
    place: 'https://id.gs1.org/414/9521321000018',
    goods: [{ lot: 'https://id.gs1.org/01/09521321000032/10/Y-118', quantity: { value: '240', unit: 'KGM' } }],
  },
  { anyOf: ['goods', 'units'] },
);

export const UnitUnpacked = defineFact(
  'UnitUnpacked',
  'Goods or smaller units were taken out of a logistic unit; without any named, it was emptied.',
  { ...carried, unit: UnitRef, place: Type.Optional(PlaceRef) },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a08',
    unit: '195213210000000015',
    place: 'https://id.gs1.org/414/9521987000018',
  },
);

export const LotScrapped = defineFact(
  'LotScrapped',
  'Goods were destroyed or thrown away.',
  { ...carried, place: Type.Optional(PlaceRef), reason: Type.Optional(Text) },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a09',
    place: 'https://id.gs1.org/414/9521321000018',
    goods: [{ lot: 'https://id.gs1.org/01/09521321000032/10/Y-118', quantity: { value: '6', unit: 'KGM' } }],
    reason: 'returned warm',
  },
  { anyOf: ['goods', 'units'] },
);
