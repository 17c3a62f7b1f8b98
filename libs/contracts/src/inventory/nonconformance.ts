import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Day, Id, StatedAmount } from './fields.js';

const OwnId = Type.String({ minLength: 1, maxLength: 512 });
const Said = Type.String({ minLength: 1, maxLength: 2000 });
const Owner = Type.String({ minLength: 1, maxLength: 256 });
const closed = { additionalProperties: false } as const;
const nonconformance = 'NC-2026-14';

/** A stream of its own, `nonconformance-{id}`. Stops nothing by itself: holds and decisions do. */
export const NonconformanceOpened = defineEvent({
  type: 'NonconformanceOpened',
  version: 1,
  context: 'inventory',
  summary: 'Something was not as it has to be: found by an inspection, or by anybody.',
  data: Type.Object(
    {
      nonconformance: OwnId,
      description: Said,
      severity: Type.Union([Type.Literal('minor'), Type.Literal('major'), Type.Literal('critical')]),
      lot: Type.Optional(Id),
      /** How much of the lot it concerns. */
      amount: Type.Optional(StatedAmount),
      /** The party it is laid to, a supplier for instance. */
      party: Type.Optional(Id),
      /** The inspection that failed. */
      inspection: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
      /** Who sees to it: a role or a user's id, no contact data. */
      owner: Type.Optional(Owner),
      due: Type.Optional(Day),
    },
    closed,
  ),
  sample: {
    nonconformance,
    description: 'pH 7.1 where 6.5 to 6.8 is allowed',
    severity: 'major',
    lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
    amount: { value: '1200', unit: 'KGM' },
    party: 'https://id.gs1.org/417/9506000200020',
    inspection: 'QC-991',
    owner: 'quality',
    due: '2026-05-04',
  },
});

export const NonconformanceCauseFound = defineEvent({
  type: 'NonconformanceCauseFound',
  version: 1,
  context: 'inventory',
  summary: 'The cause of a nonconformance was found, or found to be another one.',
  data: Type.Object({ nonconformance: OwnId, cause: Said }, closed),
  sample: { nonconformance, cause: 'the cooling of the truck failed' },
});

/** Replaces the action set before; what was done of that one does not count for this. */
export const CorrectiveActionSet = defineEvent({
  type: 'CorrectiveActionSet',
  version: 1,
  context: 'inventory',
  summary: 'What has to be done so that it does not happen again, by whom and until when.',
  data: Type.Object({ nonconformance: OwnId, action: Said, owner: Owner, due: Day }, closed),
  sample: { nonconformance, action: 'loggers in every truck', owner: 'purchasing', due: '2026-06-30' },
});

export const CorrectiveActionDone = defineEvent({
  type: 'CorrectiveActionDone',
  version: 1,
  context: 'inventory',
  summary: 'The corrective action was carried out.',
  data: Type.Object({ nonconformance: OwnId, result: Said }, closed),
  sample: { nonconformance, result: 'loggers in all 14 trucks; two weeks without a deviation' },
});

export const NonconformanceClosed = defineEvent({
  type: 'NonconformanceClosed',
  version: 1,
  context: 'inventory',
  summary: 'A nonconformance was closed.',
  data: Type.Object({ nonconformance: OwnId, conclusion: Said }, closed),
  sample: { nonconformance, conclusion: 'effective' },
});

export const NonconformanceReopened = defineEvent({
  type: 'NonconformanceReopened',
  version: 1,
  context: 'inventory',
  summary: 'A closed nonconformance was opened again.',
  data: Type.Object({ nonconformance: OwnId, reason: Said }, closed),
  sample: { nonconformance, reason: 'it happened again' },
});
