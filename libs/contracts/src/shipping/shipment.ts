import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Day, Id, LotAtPlace, StatedAmount } from '../inventory/fields.js';

const ShipmentId = Type.String({ minLength: 1, maxLength: 200 });
const Reason = Type.String({ minLength: 1, maxLength: 2000 });
const Line = Type.Object({ lot: Id, amount: StatedAmount }, { additionalProperties: false });

/** What is on the truck: `unit` is the SSCC it is packed in; loose otherwise. */
const Load = Type.Object({ lot: Id, amount: StatedAmount, unit: Type.Optional(Id) }, { additionalProperties: false });

const lot = 'https://id.gs1.org/01/09506000134352/10/MILK-0419';
const amount = { value: '300', unit: 'KGM' };
const unit = 'https://id.gs1.org/00/095060001000000018';
const from = 'https://id.gs1.org/414/9506000100016';
const to = 'https://id.gs1.org/414/9506000300034';
const consignee = 'https://id.gs1.org/417/9506000300034';

/** Moves nothing: a note. */
export const ShipmentPlanned = defineEvent({
  type: 'ShipmentPlanned',
  version: 1,
  context: 'shipping',
  summary: 'A shipment was planned.',
  data: Type.Object(
    {
      shipment: ShipmentId,
      from: Id,
      consignee: Id,
      /** The place it goes to, where known. */
      to: Type.Optional(Id),
      /** When it is due there. */
      due: Type.Optional(Day),
      document: Type.Optional(Type.String({ maxLength: 256 })),
      lines: Type.Array(Line, { minItems: 1 }),
    },
    { additionalProperties: false },
  ),
  sample: { shipment: 'S-1', from, consignee, to, due: '2026-04-22', lines: [{ lot, amount }] },
});

/** Moves nothing out of the place, but into the unit: *pack* of the lots into `unit` at `place`. */
export const ShipmentPacked = defineEvent({
  type: 'ShipmentPacked',
  version: 1,
  context: 'shipping',
  summary: 'Lots of a shipment were packed into a logistic unit.',
  data: Type.Object(
    { shipment: ShipmentId, unit: Id, place: Id, contents: Type.Array(Line, { minItems: 1 }) },
    { additionalProperties: false },
  ),
  sample: { shipment: 'S-1', unit, place: from, contents: [{ lot, amount }] },
});

/** Moves nothing: an attempt that was cut short is fenced off, so that it cannot be recorded any more. */
export const DispatchAbandoned = defineEvent({
  type: 'DispatchAbandoned',
  version: 1,
  context: 'shipping',
  summary: 'A dispatch that was begun did not come to its end; its issues are undone.',
  data: Type.Object(
    { shipment: ShipmentId, attempt: Type.Integer({ minimum: 1 }), reason: Reason },
    { additionalProperties: false },
  ),
  sample: { shipment: 'S-1', attempt: 1, reason: 'cut short after the stock was issued' },
});

/**
 * Moves stock: *ship* from `from` to the consignee (at `to` where given). Its act is `shipment:{shipment}`. Loads with a
 * unit leave inside that unit; the others leave loose.
 */
export const ShipmentDispatched = defineEvent({
  type: 'ShipmentDispatched',
  version: 1,
  context: 'shipping',
  summary: 'A shipment left; the stock book had issued every lot of it before.',
  data: Type.Object(
    {
      shipment: ShipmentId,
      /** Counts dispatches of one shipment: an earlier attempt may have been undone. */
      attempt: Type.Integer({ minimum: 1 }),
      from: Id,
      consignee: Id,
      to: Type.Optional(Id),
      due: Type.Optional(Day),
      document: Type.Optional(Type.String({ maxLength: 256 })),
      loads: Type.Array(Load, { minItems: 1 }),
    },
    { additionalProperties: false },
  ),
  sample: { shipment: 'S-1', attempt: 1, from, consignee, to, due: '2026-04-22', loads: [{ lot, amount, unit }] },
});

/** Moves stock: *receive* at `place`, where given, of what arrived. */
export const ShipmentDelivered = defineEvent({
  type: 'ShipmentDelivered',
  version: 1,
  context: 'shipping',
  summary: 'The consignee has the shipment.',
  data: Type.Object(
    {
      shipment: ShipmentId,
      from: Id,
      consignee: Id,
      place: Type.Optional(Id),
      /** As received; it may be less than was dispatched. */
      loads: Type.Array(Load, { minItems: 1 }),
      document: Type.Optional(Type.String({ maxLength: 256 })),
    },
    { additionalProperties: false },
  ),
  sample: { shipment: 'S-1', from, consignee, place: to, loads: [{ lot, amount, unit }], document: 'POD-8' },
});

/** Moves nothing: it never left. */
export const ShipmentCancelled = defineEvent({
  type: 'ShipmentCancelled',
  version: 1,
  context: 'shipping',
  summary: 'A planned shipment will not leave.',
  data: Type.Object({ shipment: ShipmentId, reason: Reason }, { additionalProperties: false }),
  sample: { shipment: 'S-1', reason: 'order cancelled' },
});

/** Moves stock: *receive* at `place` from the consignee. Its act is `return:{return}`. */
export const ReturnReceived = defineEvent({
  type: 'ReturnReceived',
  version: 1,
  context: 'shipping',
  summary: 'Goods of a shipment came back.',
  data: Type.Object(
    {
      shipment: ShipmentId,
      return: Type.String({ minLength: 1, maxLength: 256 }),
      consignee: Id,
      lines: Type.Array(LotAtPlace, { minItems: 1 }),
      reason: Reason,
    },
    { additionalProperties: false },
  ),
  sample: {
    shipment: 'S-1',
    return: 'RMA-5',
    consignee,
    lines: [{ lot, place: from, amount: { value: '12', unit: 'KGM' } }],
    reason: 'recall R-2026-3',
  },
});
