import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, Reason, TransformationStatement } from './fields.js';

const RunId = Type.String({ minLength: 1, maxLength: 256 });

/** The transformation of the step that this is one record of: all records of a step are one transformation. */
const PartOf = Type.Optional(Id);

const statement = {
  kind: 'production' as const,
  place: 'https://id.gs1.org/414/9506000100016',
  inputs: [
    { lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419', amount: { value: '300', unit: 'KGM' } },
    { lot: 'https://id.gs1.org/01/09506000134369/10/CULTURE-7', amount: { value: '2', unit: 'KGM' } },
  ],
  outputs: [
    {
      lot: 'https://id.gs1.org/01/09506000134376/10/YOG-0420',
      amount: { value: '298', unit: 'KGM' },
      role: 'product' as const,
      dates: { production: '2026-04-20', expiry: '2026-05-18' },
    },
  ],
};

/**
 * Moves stock: *transform*. Its act is `act`, which is the reference of the `StockIssued` that permitted it; facts that
 * carry that reference, the transformation's id or `run:{run}` confirm it. A record of a step is known by the
 * transformation of its step as well: a fact that carries that one confirms all records of the step together.
 */
export const TransformationRecorded = defineEvent({
  type: 'TransformationRecorded',
  version: 1,
  context: 'production',
  summary: 'Lots were made of lots, by command.',
  data: Type.Object(
    {
      /** A URI; events that share it are one transformation. */
      transformation: Id,
      act: Type.String({ minLength: 1, maxLength: 256 }),
      run: Type.Optional(RunId),
      /** Of the run, as the plant names it. */
      step: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
      partOf: PartOf,
      statement: TransformationStatement,
    },
    { additionalProperties: false },
  ),
  sample: {
    transformation: 'urn:lotline:transformation:R-2026-110:ferment',
    act: 'transformation:urn:lotline:transformation:R-2026-110:ferment',
    run: 'R-2026-110',
    step: 'ferment',
    statement,
  },
});

/**
 * Voids the event it names and states anew what happened; without a statement the transformation did not happen.
 * Its event time is that of what it states.
 */
export const TransformationCorrected = defineEvent({
  type: 'TransformationCorrected',
  version: 1,
  context: 'production',
  summary: 'What was recorded of a transformation was wrong; this is right.',
  data: Type.Object(
    {
      transformation: Id,
      act: Type.String({ minLength: 1, maxLength: 256 }),
      run: Type.Optional(RunId),
      step: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
      partOf: PartOf,
      reason: Reason,
      /** Id (in the log) of the `TransformationRecorded` or `TransformationCorrected` that no longer holds. */
      voids: Type.String({ minLength: 36, maxLength: 36 }),
      statement: Type.Optional(TransformationStatement),
      /** The attempt whose issue is still in the stock book: it is undone, as the record tells now what was used. */
      attempt: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { additionalProperties: false },
  ),
  sample: {
    transformation: 'urn:lotline:transformation:R-2026-110:ferment',
    act: 'transformation:urn:lotline:transformation:R-2026-110:ferment',
    run: 'R-2026-110',
    step: 'ferment',
    reason: 'typed 300 for 280',
    voids: '2f9d1c1e-8a6b-8f1d-9b0e-3c2f4a5b6c7d',
    statement: {
      ...statement,
      inputs: [{ lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419', amount: { value: '280', unit: 'KGM' } }],
      outputs: [
        {
          lot: 'https://id.gs1.org/01/09506000134376/10/YOG-0420',
          amount: { value: '278', unit: 'KGM' },
          role: 'product' as const,
        },
      ],
    },
  },
});
