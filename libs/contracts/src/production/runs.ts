import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, Reason, StatedAmount } from './fields.js';
import { Recipe } from './recipe.js';

const RunId = Type.String({ minLength: 1, maxLength: 256 });

/** Moves nothing. */
export const RunStarted = defineEvent({
  type: 'RunStarted',
  version: 1,
  context: 'production',
  summary: 'A production run (an execution that consumes and produces lots) was started.',
  data: Type.Object(
    {
      run: RunId,
      place: Id,
      /** What is to be made. */
      item: Type.Optional(Id),
      planned: Type.Optional(StatedAmount),
      /** The order it fulfils, as the ERP names it. */
      order: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
      /** Of the item, as it was when the run was started: what the run is measured by. */
      recipe: Type.Optional(Recipe),
    },
    { additionalProperties: false },
  ),
  sample: {
    run: 'R-2026-110',
    place: 'https://id.gs1.org/414/9506000100016',
    item: 'https://id.gs1.org/01/09506000134376',
    planned: { value: '300', unit: 'KGM' },
    order: 'PO-4711',
  },
});

/** Moves nothing. */
export const RunCompleted = defineEvent({
  type: 'RunCompleted',
  version: 1,
  context: 'production',
  summary: 'A production run ended; nothing more is recorded in it but corrections.',
  data: Type.Object(
    {
      run: RunId,
      /** Totals over its transformations as they stand, by dimension, in its base unit. */
      consumed: Type.Array(StatedAmount),
      produced: Type.Array(StatedAmount),
    },
    { additionalProperties: false },
  ),
  sample: {
    run: 'R-2026-110',
    consumed: [{ value: '302', unit: 'KGM' }],
    produced: [{ value: '298', unit: 'KGM' }],
  },
});

/** Moves nothing: what was recorded until then stands, as it happened. */
export const RunAborted = defineEvent({
  type: 'RunAborted',
  version: 1,
  context: 'production',
  summary: 'A production run was given up, its open steps with it; nothing more is recorded in it but corrections.',
  data: Type.Object({ run: RunId, reason: Reason }, { additionalProperties: false }),
  sample: { run: 'R-2026-111', reason: 'the fermenter lost its cooling' },
});
