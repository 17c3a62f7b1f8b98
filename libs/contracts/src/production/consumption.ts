import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, Reason, TransformationStatement } from './fields.js';

const attempt = {
  transformation: Id,
  /** The reference under which stock is issued for it. */
  act: Type.String({ minLength: 1, maxLength: 256 }),
  run: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  attempt: Type.Integer({ minimum: 1 }),
};
const sample = {
  transformation: 'urn:lotline:transformation:R-2026-110:ferment',
  act: 'transformation:urn:lotline:transformation:R-2026-110:ferment',
  run: 'R-2026-110',
  attempt: 1,
};

/** Moves nothing: says that stock is being asked for, so that an attempt cut short is found and undone. */
export const ConsumptionBegun = defineEvent({
  type: 'ConsumptionBegun',
  version: 1,
  context: 'production',
  summary: 'A transformation asks for its stock; it is recorded once the stock is issued.',
  data: Type.Object(
    {
      ...attempt,
      /** Of the run, as the plant names it. */
      step: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
      statement: TransformationStatement,
    },
    { additionalProperties: false },
  ),
  sample: {
    ...sample,
    statement: {
      kind: 'production' as const,
      place: 'https://id.gs1.org/414/9506000100016',
      inputs: [{ lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419', amount: { value: '300', unit: 'KGM' } }],
      outputs: [],
    },
  },
});

/** Moves nothing: the attempt cannot be recorded any more. */
export const ConsumptionAbandoned = defineEvent({
  type: 'ConsumptionAbandoned',
  version: 1,
  context: 'production',
  summary: 'An attempt to record a transformation came to nothing.',
  data: Type.Object(
    {
      ...attempt,
      reason: Reason,
      /** Stock may have been issued; `ConsumptionReturned` says that it was given back. */
      issued: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  sample: { ...sample, reason: 'cut short after the stock was asked for', issued: true },
});

/** Moves nothing. */
export const ConsumptionReturned = defineEvent({
  type: 'ConsumptionReturned',
  version: 1,
  context: 'production',
  summary: 'What an abandoned attempt had been issued was given back to the stock book.',
  data: Type.Object(attempt, { additionalProperties: false }),
  sample,
});
