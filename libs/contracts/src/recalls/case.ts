import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Day, Id, KnownAt, StatedAmount } from '../inventory/fields.js';

const CaseId = Type.String({ minLength: 1, maxLength: 200 });
const Reason = Type.String({ minLength: 1, maxLength: 2000 });
const Code = Type.String({ minLength: 1, maxLength: 256 });

/** How the suspects are named: one lot, a supplier's lot, or a range of an item's lot codes or production days. */
const Suspect = Type.Union([
  Type.Object({ lot: Id }, { additionalProperties: false }),
  Type.Object({ supplierLot: Code, supplier: Type.Optional(Id) }, { additionalProperties: false }),
  Type.Object({ item: Id, lotCodeFrom: Code, lotCodeTo: Code }, { additionalProperties: false }),
  Type.Object({ item: Id, producedFrom: Day, producedTo: Day }, { additionalProperties: false }),
]);

const ScopeLot = Type.Object(
  {
    lot: Id,
    /** Named as a suspect; otherwise reached from one. */
    suspect: Type.Boolean(),
  },
  { additionalProperties: false },
);

const ScopeShipment = Type.Object({ shipment: Id, consignee: Type.Optional(Id) }, { additionalProperties: false });

const caseId = 'R-2026-3';
const lot = 'https://id.gs1.org/01/09506000134352/10/MILK-0419';
const consignee = 'https://id.gs1.org/417/9506000300034';
const knownAt = '0000000000000412';

export const RecallOpened = defineEvent({
  type: 'RecallOpened',
  version: 1,
  context: 'recalls',
  summary: 'A recall case was opened on its suspects.',
  data: Type.Object(
    {
      case: CaseId,
      reason: Reason,
      /** Class I, II or III (21 CFR 7.3(m)), or as the organisation calls it. */
      class: Type.Optional(Type.String({ maxLength: 64 })),
      /** Measures only: touches neither stock nor consignees. */
      drill: Type.Boolean(),
      suspects: Type.Array(Suspect, { minItems: 1 }),
    },
    { additionalProperties: false },
  ),
  sample: { case: caseId, reason: 'glass in milk', class: 'I', drill: false, suspects: [{ lot }] },
});

export const ScopeChanged = defineEvent({
  type: 'ScopeChanged',
  version: 1,
  context: 'recalls',
  summary: 'What a case covers grew, and because of which events. A lot leaves only by LotExcluded.',
  data: Type.Object(
    {
      case: CaseId,
      addedLots: Type.Array(ScopeLot),
      addedShipments: Type.Array(ScopeShipment),
      /** Who got any of it for the first time, or lots that they had not got before. */
      addedConsignees: Type.Array(
        Type.Object(
          {
            party: Id,
            inferred: Type.Boolean(),
            /** What of it came to them. */
            lots: Type.Optional(Type.Array(Id)),
          },
          { additionalProperties: false },
        ),
      ),
      /** Ids of the events, as their reporters gave them, that brought it. */
      because: Type.Array(Type.String({ maxLength: 2048 })),
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: {
    case: caseId,
    addedLots: [{ lot, suspect: true }],
    addedShipments: [{ shipment: 'S-1', consignee }],
    addedConsignees: [{ party: consignee, inferred: false, lots: [lot] }],
    because: ['urn:uuid:0d6c5f3e-2b8f-4b6e-9e0c-0a4a4b1f2c11'],
    knownAt,
  },
});

export const ScopeHeld = defineEvent({
  type: 'ScopeHeld',
  version: 1,
  context: 'recalls',
  summary: 'The stock books said that these lots are held for the case.',
  data: Type.Object(
    {
      case: CaseId,
      holdId: Code,
      lots: Type.Array(Type.Object({ lot: Id, heldAt: KnownAt }, { additionalProperties: false }), { minItems: 1 }),
    },
    { additionalProperties: false },
  ),
  sample: { case: caseId, holdId: `recall:${caseId}`, lots: [{ lot, heldAt: knownAt }] },
});

export const LotExcluded = defineEvent({
  type: 'LotExcluded',
  version: 1,
  context: 'recalls',
  summary: 'A lot was taken out of a case by decision.',
  data: Type.Object({ case: CaseId, lot: Id, reason: Reason }, { additionalProperties: false }),
  sample: { case: caseId, lot, reason: 'made on the other line' },
});

export const NoticeIssued = defineEvent({
  type: 'NoticeIssued',
  version: 1,
  context: 'recalls',
  summary: 'A consignee is to be told what of it came to them.',
  data: Type.Object(
    {
      notice: Code,
      case: CaseId,
      consignee: Id,
      inferred: Type.Boolean(),
      lots: Type.Array(Type.Object({ lot: Id, amounts: Type.Array(StatedAmount) }, { additionalProperties: false }), {
        minItems: 1,
      }),
    },
    { additionalProperties: false },
  ),
  sample: {
    notice: `${caseId}-1`,
    case: caseId,
    consignee,
    inferred: false,
    lots: [{ lot, amounts: [{ value: '300', unit: 'KGM' }] }],
  },
});

export const RecallClosed = defineEvent({
  type: 'RecallClosed',
  version: 1,
  context: 'recalls',
  summary: 'A case was closed by decision; its holds, and only its, are lifted.',
  data: Type.Object({ case: CaseId, reason: Reason }, { additionalProperties: false }),
  sample: { case: caseId, reason: 'all accounted for' },
});

export const RecallHoldsLifted = defineEvent({
  type: 'RecallHoldsLifted',
  version: 1,
  context: 'recalls',
  summary: 'The stock books said that the holds of a case on these lots are gone.',
  data: Type.Object(
    { case: CaseId, holdId: Code, lots: Type.Array(Id, { minItems: 1 }) },
    { additionalProperties: false },
  ),
  sample: { case: caseId, holdId: `recall:${caseId}`, lots: [lot] },
});

export const RecallReopened = defineEvent({
  type: 'RecallReopened',
  version: 1,
  context: 'recalls',
  summary: 'A closed case was opened again.',
  data: Type.Object({ case: CaseId, reason: Reason }, { additionalProperties: false }),
  sample: { case: caseId, reason: 'a second consumer complaint' },
});
