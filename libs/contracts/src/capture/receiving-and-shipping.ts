import Type from 'typebox';
import { defineFact } from './define-fact.js';
import { Code, DateTime, Goods, PartyRef, PlaceRef, Text, UnitRef } from './shapes.js';

/** What a movement carries: loose lots, logistic units with whatever they hold, or both. */
export const carried = {
  goods: Type.Optional(Type.Array(Goods, { minItems: 1, maxItems: 10_000 })),
  units: Type.Optional(Type.Array(UnitRef, { minItems: 1, maxItems: 10_000 })),
};
const carriesSomething = { anyOf: ['goods', 'units'] } as const;

export const GoodsReceived = defineFact(
  'GoodsReceived',
  'Goods arrived at a place of ours, usually from a supplier; the supplier lot is kept beside our own.',
  {
    ...carried,
    place: PlaceRef,
    supplier: Type.Optional(PartyRef),
    /** Where they were sent from. */
    from: Type.Optional(PlaceRef),
    shipmentId: Type.Optional(Code),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a01',
    place: 'https://id.gs1.org/414/9521321000018',
    supplier: 'https://id.gs1.org/417/9521141000014',
    goods: [
      {
        lot: { item: '09521321000025', lotCode: 'R-2026-0117' },
        quantity: { value: '1250.5', unit: 'KGM' },
        supplierLot: 'MILK-8841',
        dates: { production: '2026-01-15', expiry: '2026-02-14' },
      },
    ],
    references: [{ type: 'order', id: 'PO-4711' }],
  },
  carriesSomething,
);

export const GoodsShipped = defineFact(
  'GoodsShipped',
  'Goods left a place for a consignee.',
  {
    ...carried,
    /** The place they left. */
    from: PlaceRef,
    /** The place they go to. */
    to: Type.Optional(PlaceRef),
    consignee: Type.Optional(PartyRef),
    shipmentId: Type.Optional(Code),
    /** When they are due to arrive. */
    due: Type.Optional(DateTime),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a02',
    from: 'https://id.gs1.org/414/9521321000018',
    to: 'https://id.gs1.org/414/9521987000018',
    consignee: 'https://id.gs1.org/417/9521987000001',
    shipmentId: 'S-2026-0042',
    due: '2026-01-22T12:00:00+01:00',
    units: ['https://id.gs1.org/00/195213210000000015'],
    goods: [{ lot: 'https://id.gs1.org/01/09521321000032/10/Y-118', quantity: { value: '40', unit: 'KGM' } }],
  },
  carriesSomething,
);

export const GoodsDelivered = defineFact(
  'GoodsDelivered',
  'A shipment arrived at its consignee, as far as known to the reporter.',
  {
    ...carried,
    /** The place they arrived at. */
    place: PlaceRef,
    from: Type.Optional(PlaceRef),
    /** Who sent them. */
    sender: Type.Optional(PartyRef),
    consignee: Type.Optional(PartyRef),
    /** Without goods or units: all that was shipped under this id. */
    shipmentId: Type.Optional(Code),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a03',
    place: 'https://id.gs1.org/414/9521987000018',
    consignee: 'https://id.gs1.org/417/9521987000001',
    shipmentId: 'S-2026-0042',
    units: ['https://id.gs1.org/00/195213210000000015'],
  },
  { anyOf: ['goods', 'units', 'shipmentId'] },
);

export const GoodsReturned = defineFact(
  'GoodsReturned',
  'Goods came back from a consignee.',
  {
    ...carried,
    /** The place of ours they came back to. */
    place: PlaceRef,
    /** The party that returned them. */
    returnedBy: Type.Optional(PartyRef),
    from: Type.Optional(PlaceRef),
    /** The shipment they went out with. */
    shipmentId: Type.Optional(Code),
    reason: Type.Optional(Text),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a04',
    place: 'https://id.gs1.org/414/9521321000018',
    returnedBy: 'https://id.gs1.org/417/9521987000001',
    shipmentId: 'S-2026-0042',
    goods: [{ lot: 'https://id.gs1.org/01/09521321000032/10/Y-118', quantity: { value: '6', unit: 'KGM' } }],
    reason: 'cold chain broken on arrival',
  },
  carriesSomething,
);
