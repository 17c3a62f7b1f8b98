import Type from 'typebox';
import { defineEvent } from '../define-event.js';

const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-z][a-z0-9_]*$' });
/** Partition key of what is parked: the decision travels in the same partition and takes effect at its place among them. */
const Key = Type.String({ minLength: 1, maxLength: 2000 });
const Stream = Type.String({ minLength: 1, maxLength: 1000 });
const Reason = Type.String({ minLength: 1, maxLength: 2000 });

const sample = {
  projection: 'genealogy',
  stream: 'fact-urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8',
  key: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
  reason: 'the unit code is known since release 0.2',
};

/** Every build of the projection applies all that it has parked of the stream, in order and together, or nothing. */
export const ParkedEventRetried = defineEvent({
  type: 'ParkedEventRetried',
  version: 1,
  context: 'operations',
  summary: 'An operator asked a read model to apply the parked events of a stream once more.',
  data: Type.Object({ projection: Name, stream: Stream, key: Key, reason: Reason }, { additionalProperties: false }),
  sample,
});

/** The events named stay out of the read model for good; later parked ones of the stream wait for their own decision. */
export const ParkedEventDiscarded = defineEvent({
  type: 'ParkedEventDiscarded',
  version: 1,
  context: 'operations',
  summary: 'An operator decided that a read model does without parked events of a stream.',
  data: Type.Object(
    {
      projection: Name,
      stream: Stream,
      key: Key,
      /** Log ids of the events given up. */
      eventIds: Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 10_000 }),
      reason: Reason,
    },
    { additionalProperties: false },
  ),
  sample: { ...sample, eventIds: ['0c4c6f57-7e05-8c8b-9d0e-3f6b1d1f1a11'], reason: 'sent by mistake, voided upstream' },
});
