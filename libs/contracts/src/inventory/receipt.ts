import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, StatedAmount, StatedDates } from './fields.js';

/** Moves stock: *receive* of the lot at `place`, from the supplier. Its act is `receipt:{receipt}`. */
export const LotReceived = defineEvent({
  type: 'LotReceived',
  version: 1,
  context: 'inventory',
  summary: 'A lot was received by command, from a supplier or another party.',
  data: Type.Object(
    {
      /** Own id of the receipt: a repeated command gives the same one. */
      receipt: Type.String({ minLength: 1, maxLength: 256 }),
      lot: Id,
      item: Type.Optional(Id),
      lotCode: Type.Optional(Type.String({ maxLength: 256 })),
      amount: StatedAmount,
      place: Id,
      /** The party it came from. */
      supplier: Type.Optional(Id),
      /** The supplier's own code of this lot. */
      supplierLot: Type.Optional(Type.String({ maxLength: 256 })),
      /** Delivery note, purchase order. */
      document: Type.Optional(Type.String({ maxLength: 256 })),
      /** The expected delivery it belongs to. */
      delivery: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
      dates: Type.Optional(StatedDates),
      /** Received into quarantine: nobody takes it until it is released. */
      quarantine: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  sample: {
    receipt: 'GR-4711',
    lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
    item: 'https://id.gs1.org/01/09506000134352',
    lotCode: 'MILK-0419',
    amount: { value: '1200', unit: 'KGM' },
    place: 'https://id.gs1.org/414/9506000100016',
    supplier: 'https://id.gs1.org/417/9506000200020',
    supplierLot: 'F-77',
    document: 'DN-2291',
    delivery: 'IN-88',
    dates: { expiry: '2026-05-10' },
    quarantine: false,
  },
});
