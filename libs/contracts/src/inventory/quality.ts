import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Day, Id, StatedDates } from './fields.js';

const Reason = Type.String({ minLength: 1, maxLength: 2000 });
const lot = 'https://id.gs1.org/01/09506000134352/10/MILK-0419';

/** A version of a plan: of the item of the stock book, or of that item from the supplier. */
export const PlanReference = Type.Object(
  { item: Id, supplier: Type.Optional(Id), version: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);

export const UsageDecision = Type.Union([
  Type.Literal('accept'),
  Type.Literal('accept-restricted'),
  Type.Literal('rework'),
  Type.Literal('reject'),
  Type.Literal('scrap'),
]);

/** Moves nothing: maps to *hold*. */
export const LotHeld = defineEvent({
  type: 'LotHeld',
  version: 1,
  context: 'inventory',
  summary: 'A lot was put on hold; it stays held until every hold on it is lifted.',
  data: Type.Object(
    {
      lot: Id,
      holdId: Type.String({ minLength: 1, maxLength: 256 }),
      reason: Reason,
      /** Whose hold it is: only its owner's decision lifts it. `recall:{case}` for a recall's. */
      owner: Type.String({ minLength: 1, maxLength: 256 }),
    },
    { additionalProperties: false },
  ),
  sample: { lot, holdId: 'recall:R-2026-3', reason: 'glass in milk', owner: 'recall:R-2026-3' },
});

/** Moves nothing: maps to *lift*. */
export const HoldLifted = defineEvent({
  type: 'HoldLifted',
  version: 1,
  context: 'inventory',
  summary: 'One hold on a lot was lifted; others on it stand.',
  data: Type.Object(
    { lot: Id, holdId: Type.String({ minLength: 1, maxLength: 256 }), reason: Reason },
    { additionalProperties: false },
  ),
  sample: { lot, holdId: 'recall:R-2026-3', reason: 'recall closed' },
});

/** Moves nothing: a note. */
export const LotReleased = defineEvent({
  type: 'LotReleased',
  version: 1,
  context: 'inventory',
  summary: 'Quality released a lot for use.',
  data: Type.Object({ lot: Id, reason: Type.Optional(Reason) }, { additionalProperties: false }),
  sample: { lot, reason: 'incoming inspection passed' },
});

/** Moves nothing: a note. */
export const LotRejected = defineEvent({
  type: 'LotRejected',
  version: 1,
  context: 'inventory',
  summary: 'Quality rejected a lot; it may only be scrapped, returned or released again by a new decision.',
  data: Type.Object({ lot: Id, reason: Reason }, { additionalProperties: false }),
  sample: { lot, reason: 'listeria found' },
});

/** Moves nothing: a note. */
export const InspectionRecorded = defineEvent({
  type: 'InspectionRecorded',
  version: 1,
  context: 'inventory',
  summary: 'The result of an inspection of a lot; what follows from it is a decision of its own.',
  data: Type.Object(
    {
      lot: Id,
      inspection: Type.String({ minLength: 1, maxLength: 256 }),
      result: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('inconclusive')]),
      characteristic: Type.Optional(Type.String({ maxLength: 256 })),
      measured: Type.Optional(Type.String({ maxLength: 256 })),
      note: Type.Optional(Reason),
      /** Of an inspection by a plan: which one, and what was found of each sample. `result` follows from both. */
      plan: Type.Optional(PlanReference),
      values: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 10_000 })),
    },
    { additionalProperties: false },
  ),
  sample: { lot, inspection: 'QC-991', result: 'pass', characteristic: 'pH', measured: '6.7' },
});

/**
 * Moves nothing. What it means for the stock follows in events of their own, in the same append: the lot is released, rejected
 * or held, its retest date changed.
 */
export const UsageDecided = defineEvent({
  type: 'UsageDecided',
  version: 1,
  context: 'inventory',
  summary: 'An inspection was decided on: what becomes of the lot.',
  data: Type.Object(
    {
      lot: Id,
      inspection: Type.String({ minLength: 1, maxLength: 256 }),
      decision: UsageDecision,
      /** Has to be there where a result failed or the goods are not accepted. */
      reason: Type.Optional(Reason),
      /** Of `accept-restricted`: what they may be used for. */
      restriction: Type.Optional(Reason),
      /** The actor who decided. */
      by: Type.String({ minLength: 1, maxLength: 256 }),
      /** The next retest date that was set with it. */
      retest: Type.Optional(Day),
    },
    { additionalProperties: false },
  ),
  sample: {
    lot,
    inspection: 'QC-991',
    decision: 'accept-restricted',
    reason: 'pH at the upper limit',
    restriction: 'for heated products only',
    by: 'quality-lead',
  },
});

/** Moves nothing: maps to *dates*. */
export const LotDatesChanged = defineEvent({
  type: 'LotDatesChanged',
  version: 1,
  context: 'inventory',
  summary: 'Dates of a lot were stated or changed; those not named stay.',
  data: Type.Object(
    {
      lot: Id,
      dates: StatedDates,
      reason: Reason,
      /** The dates that held as it was decided, of those that are changed: stated, by rule of the item, or inherited. */
      before: Type.Optional(StatedDates),
    },
    { additionalProperties: false },
  ),
  sample: { lot, dates: { expiry: '2026-05-12' }, reason: 'printed on the label', before: { expiry: '2026-05-10' } },
});
