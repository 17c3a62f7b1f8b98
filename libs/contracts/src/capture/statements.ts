import Type from 'typebox';
import { defineFact } from './define-fact.js';
import { Dates, LotRef, Text, Uri } from './shapes.js';

export const LotDatesStated = defineFact(
  'LotDatesStated',
  'Dates of lots became known or were corrected; a later statement (by event time) replaces an earlier one.',
  {
    lots: Type.Array(Type.Object({ lot: LotRef, dates: Dates }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 10_000,
    }),
    reason: Type.Optional(Text),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a10',
    lots: [{ lot: { item: '09521321000025', lotCode: 'R-2026-0117' }, dates: { expiry: '2026-02-10' } }],
    reason: 'supplier shortened the shelf life',
  },
);

const SameLots = Type.Array(LotRef, { minItems: 2, maxItems: 100 });

export const LotsIdentified = defineFact(
  'LotsIdentified',
  'Ids turned out to name one and the same lot; all reads treat them as one until they are separated.',
  { lots: SameLots, reason: Type.Optional(Text) },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a11',
    lots: ['urn:supplier:lot:MILK-8841', { item: '09521321000025', lotCode: 'R-2026-0117' }],
    reason: 'the supplier reported its own code',
  },
);

export const LotsSeparated = defineFact(
  'LotsSeparated',
  'Ids that were identified name different lots after all; undoes an earlier identification of exactly these pairs.',
  { lots: SameLots, reason: Type.Optional(Text) },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a12',
    lots: ['urn:supplier:lot:MILK-8841', { item: '09521321000025', lotCode: 'R-2026-0117' }],
  },
);

export const FactVoided = defineFact(
  'FactVoided',
  'An earlier fact, native or EPCIS, did not happen as reported; it is void whichever of the two arrives first.',
  {
    /** Canonical id of the fact that is void; a reporter may send its own `id`, read with the CloudEvent's `source`. */
    voids: Uri,
    reason: Type.Optional(Text),
    /** Ids of the facts that say it right, canonical. */
    replacedBy: Type.Optional(Type.Array(Uri, { minItems: 1, maxItems: 100 })),
  },
  {
    eventId: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a13',
    voids: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a09',
    reason: 'counted twice',
    replacedBy: ['urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a14'],
  },
);
