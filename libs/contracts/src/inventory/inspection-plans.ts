import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id } from './fields.js';

const DecimalText = Type.String({ pattern: '^-?(\\d+(\\.\\d*)?|\\.\\d+)$', maxLength: 64 });

/** One thing that is checked: a number within limits, or a finding that has to be the expected one. */
export const PlannedCharacteristic = Type.Object(
  {
    characteristic: Type.String({ minLength: 1, maxLength: 256 }),
    /** Of the limits and of what is measured, as UN/ECE Rec 20 or as the laboratory writes it. */
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Still good. */
    lower: Type.Optional(DecimalText),
    /** Still good. */
    upper: Type.Optional(DecimalText),
    /** The finding itself, where nothing is measured. */
    expected: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    /** How many have to be checked. */
    sampleSize: Type.Integer({ minimum: 1, maximum: 10_000 }),
  },
  { additionalProperties: false },
);

/** Which plan: of the item, or of the item from that supplier. */
const Of = { item: Id, supplier: Type.Optional(Id) };

const of = { item: 'https://id.gs1.org/01/09506000134352', supplier: 'https://id.gs1.org/417/9506000200020' };

/** Carries the whole plan as it is from now on; inspections that began keep the version they began with. */
export const InspectionPlanDefined = defineEvent({
  type: 'InspectionPlanDefined',
  version: 1,
  context: 'inventory',
  summary: 'What has to be checked of the lots of an item, or of an item from one supplier, was laid down.',
  data: Type.Object(
    {
      ...Of,
      /** Counts the definitions of this plan. */
      version: Type.Integer({ minimum: 1 }),
      /** Lots received by command stay in quarantine until an inspection by the plan is decided on. */
      quarantine: Type.Boolean(),
      characteristics: Type.Array(PlannedCharacteristic, { minItems: 1, maxItems: 200 }),
    },
    { additionalProperties: false },
  ),
  sample: {
    ...of,
    version: 1,
    quarantine: true,
    characteristics: [
      { characteristic: 'pH', lower: '6.5', upper: '6.8', sampleSize: 3 },
      { characteristic: 'temperature', unit: 'CEL', upper: '6', sampleSize: 1 },
      { characteristic: 'antibiotics', expected: 'absent', sampleSize: 1 },
    ],
  },
});

/** Inspections by it that began are decided on by it still. */
export const InspectionPlanWithdrawn = defineEvent({
  type: 'InspectionPlanWithdrawn',
  version: 1,
  context: 'inventory',
  summary: 'An inspection plan holds no more for lots that are not being inspected yet.',
  data: Type.Object({ ...Of, reason: Type.String({ minLength: 1, maxLength: 2000 }) }, { additionalProperties: false }),
  sample: { ...of, reason: 'the supplier is certified' },
});
