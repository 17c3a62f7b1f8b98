import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, Reason, StatedAmount } from './fields.js';

const OrderId = Type.String({ minLength: 1, maxLength: 256 });

/** Moves nothing. */
export const OrderPlanned = defineEvent({
  type: 'OrderPlanned',
  version: 1,
  context: 'production',
  summary: 'So much of an item is to be made.',
  data: Type.Object(
    {
      order: OrderId,
      item: Id,
      amount: StatedAmount,
      /** Where it is to be made, where that is fixed. */
      place: Type.Optional(Id),
      /** Calendar day or date-time by which it is needed. */
      due: Type.Optional(Type.String({ minLength: 10, maxLength: 64 })),
    },
    { additionalProperties: false },
  ),
  sample: {
    order: 'PO-4711',
    item: 'https://id.gs1.org/01/09506000134376',
    amount: { value: '300', unit: 'KGM' },
    place: 'https://id.gs1.org/414/9506000100016',
    due: '2026-04-21',
  },
});

/** Moves nothing. */
export const OrderReleased = defineEvent({
  type: 'OrderReleased',
  version: 1,
  context: 'production',
  summary: 'Runs may be started for the order.',
  data: Type.Object({ order: OrderId }, { additionalProperties: false }),
  sample: { order: 'PO-4711' },
});

/** Moves nothing. Comes before the start of the run, so that no run is started for an order that is cancelled meanwhile. */
export const OrderTaken = defineEvent({
  type: 'OrderTaken',
  version: 1,
  context: 'production',
  summary: 'A run takes the order on.',
  data: Type.Object(
    { order: OrderId, run: Type.String({ minLength: 1, maxLength: 256 }) },
    { additionalProperties: false },
  ),
  sample: { order: 'PO-4711', run: 'R-2026-110' },
});

/** Moves nothing. */
export const OrderCancelled = defineEvent({
  type: 'OrderCancelled',
  version: 1,
  context: 'production',
  summary: 'Nothing more is made for the order.',
  data: Type.Object({ order: OrderId, reason: Reason }, { additionalProperties: false }),
  sample: { order: 'PO-4712', reason: 'the customer withdrew' },
});
