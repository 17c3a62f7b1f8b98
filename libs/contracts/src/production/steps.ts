import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, Reason, StatedAmount, TransformationKind } from './fields.js';

const step = {
  run: Type.String({ minLength: 1, maxLength: 256 }),
  /** As the plant names it. */
  step: Type.String({ minLength: 1, maxLength: 256 }),
};
const sample = { run: 'R-2026-110', step: 'ferment' };

/** Moves nothing. */
export const StepStarted = defineEvent({
  type: 'StepStarted',
  version: 1,
  context: 'production',
  summary: 'A step of a run was started; what it consumes and produces from here on is one transformation.',
  data: Type.Object(
    {
      ...step,
      /** A URI; whatever is recorded in the step is part of this transformation. */
      transformation: Id,
      kind: TransformationKind,
    },
    { additionalProperties: false },
  ),
  sample: { ...sample, transformation: 'urn:lotline:step:R-2026-110:ferment', kind: 'production' as const },
});

/** Moves nothing. */
export const StepPaused = defineEvent({
  type: 'StepPaused',
  version: 1,
  context: 'production',
  summary: 'A step rests; nothing is consumed or produced in it until it is resumed.',
  data: Type.Object({ ...step, reason: Reason }, { additionalProperties: false }),
  sample: { ...sample, reason: 'change of shift' },
});

/** Moves nothing. */
export const StepResumed = defineEvent({
  type: 'StepResumed',
  version: 1,
  context: 'production',
  summary: 'A step goes on.',
  data: Type.Object(step, { additionalProperties: false }),
  sample,
});

/** Moves nothing. */
export const StepCompleted = defineEvent({
  type: 'StepCompleted',
  version: 1,
  context: 'production',
  summary: 'A step ended; nothing more is recorded in it but corrections.',
  data: Type.Object(
    {
      ...step,
      /** Totals over its records as they stand, by dimension, in its base unit. */
      consumed: Type.Array(StatedAmount),
      produced: Type.Array(StatedAmount),
    },
    { additionalProperties: false },
  ),
  sample: {
    ...sample,
    consumed: [{ value: '302', unit: 'KGM' }],
    produced: [{ value: '298', unit: 'KGM' }],
  },
});

/** Moves nothing: what was recorded until then stands, as it happened. */
export const StepAborted = defineEvent({
  type: 'StepAborted',
  version: 1,
  context: 'production',
  summary: 'A step was given up; nothing more is recorded in it but corrections.',
  data: Type.Object({ ...step, reason: Reason }, { additionalProperties: false }),
  sample: { ...sample, reason: 'the culture did not start' },
});
