import Type, { type Static } from 'typebox';
import { defineEvent } from '../define-event.js';
import { Day, Id, StatedAmount } from './fields.js';

const OwnId = Type.String({ minLength: 1, maxLength: 256 });

export const DeliveryLine = Type.Object(
  {
    item: Id,
    amount: StatedAmount,
    /** The supplier's own code of the lot, where it was announced. */
    supplierLot: Type.Optional(Type.String({ maxLength: 256 })),
    /** Days of life that the goods are to have left on the day they come. */
    minRemainingDays: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);
export type DeliveryLine = Static<typeof DeliveryLine>;

/** Moves nothing: what came is told by `LotReceived`, which names the delivery. */
export const DeliveryAnnounced = defineEvent({
  type: 'DeliveryAnnounced',
  version: 1,
  context: 'inventory',
  summary: 'A delivery is expected from a supplier.',
  data: Type.Object(
    {
      /** Own id of the expected delivery; receipts name it. */
      delivery: OwnId,
      supplier: Id,
      /** Purchase order, despatch advice. */
      document: Type.Optional(Type.String({ maxLength: 256 })),
      /** Where it is to arrive. */
      place: Type.Optional(Id),
      /** The day it is due. */
      due: Day,
      lines: Type.Array(DeliveryLine, { minItems: 1 }),
    },
    { additionalProperties: false },
  ),
  sample: {
    delivery: 'IN-88',
    supplier: 'https://id.gs1.org/417/9506000200020',
    document: 'PO-4711',
    place: 'https://id.gs1.org/414/9506000100016',
    due: '2026-04-20',
    lines: [
      {
        item: 'https://id.gs1.org/01/09506000134352',
        amount: { value: '1200', unit: 'KGM' },
        supplierLot: 'F-77',
        minRemainingDays: 14,
      },
    ],
  },
});

/** Moves nothing: what came before stays received. */
export const DeliveryCancelled = defineEvent({
  type: 'DeliveryCancelled',
  version: 1,
  context: 'inventory',
  summary: 'An expected delivery, or what has not come of it, is expected no more.',
  data: Type.Object(
    { delivery: OwnId, reason: Type.String({ minLength: 1, maxLength: 2000 }) },
    { additionalProperties: false },
  ),
  sample: { delivery: 'IN-88', reason: 'supplier cannot deliver' },
});
