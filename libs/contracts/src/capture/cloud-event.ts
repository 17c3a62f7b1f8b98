import Type, { type Static } from 'typebox';
import { unstorableTexts, withPlainNumbers, type Problem } from '#kernel';
import type { EventDefinition } from '../define-event.js';
import { found } from '../validation/found.js';
import { nearest } from '../validation/near-miss.js';
import { compileValidator } from '../validation/validator.js';
import { nativeFacts } from './native-facts.js';
import { nativeEventId } from './native-event-id.js';
import { DateTime } from './shapes.js';

/** CloudEvents 1.0 in JSON format, structured mode; extension attributes are let through and not kept. */
export const CloudEvent = Type.Object(
  {
    specversion: Type.Enum(['1.0']),
    id: Type.String({
      minLength: 1,
      maxLength: 512,
      pattern: '^\\S(.*\\S)?$',
      description: 'text without outer spaces',
    }),
    source: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\s\\p{Cc}\\p{Cs}]+$',
      description: 'a URI reference',
    }),
    type: Type.String({ minLength: 1 }),
    /** When it happened: it is required here, though CloudEvents leave it open. */
    time: DateTime,
    datacontenttype: Type.Optional(
      Type.String({ pattern: '^application/([a-z.+-]+\\+)?json(;.*)?$', description: 'application/json' }),
    ),
    subject: Type.Optional(Type.String()),
    dataschema: Type.Optional(Type.String()),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: true },
);
export type CloudEvent = Static<typeof CloudEvent>;

const validateEnvelope = compileValidator(CloudEvent);
const definitions = new Map<string, EventDefinition>(nativeFacts.map((fact) => [fact.type, fact]));
const validators = new Map(nativeFacts.map((fact) => [fact.type as string, compileValidator(fact.data)]));

/** A native fact as the log will hold it. */
export interface NativeFact {
  eventId: string;
  type: string;
  schemaVersion: number;
  eventTime: string;
  source: string;
  data: Record<string, unknown>;
}

/**
 * Reads one CloudEvent that carries a native fact.
 * @param value as `parseLossless` gave it; `data` is kept as it is, with `eventId` set from `id` and `source`.
 * @returns the fact, or everything that is wrong with it; fields are JSON pointers within the CloudEvent.
 */
export const readCloudEvent = (value: unknown): { fact: NativeFact } | { problems: Problem[] } => {
  // Nothing below has to expect such texts.
  const unstorable = unstorableTexts(value);
  if (unstorable.length > 0) return { problems: unstorable };
  const envelopeProblems = validateEnvelope(value);
  const type = value !== null && typeof value === 'object' ? (value as { type?: unknown }).type : undefined;
  const definition = typeof type === 'string' ? definitions.get(type) : undefined;
  if (typeof type === 'string' && type !== '' && definition === undefined) envelopeProblems.push(unknownType(type));
  if (envelopeProblems.length > 0 || definition === undefined) return { problems: envelopeProblems };
  const event = value as CloudEvent;
  const eventId = nativeEventId(event.id, event.source);
  const data = { ...event.data, ...voidedIds(event), eventId };
  const problems = [
    ...('eventId' in event.data ? [ownEventId(event.data.eventId)] : []),
    ...(validators.get(definition.type)?.(withPlainNumbers(data), '/data') ?? []),
  ];
  if (problems.length === 0 && definition.type === 'ProductionRecorded') problems.push(...nothingProduced(data));
  if (problems.length > 0) return { problems };
  const { version } = definition;
  return {
    fact: { eventId, type: definition.type, schemaVersion: version, eventTime: event.time, source: event.source, data },
  };
};

const unknownType = (type: string): Problem => {
  const meant = nearest(type, definitions.keys());
  return {
    code: 'unknown-event-type',
    message: `${JSON.stringify(found(type))} is no native fact${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    field: '/type',
    found: found(type),
    expected: meant ?? `one of ${[...definitions.keys()].join(', ')}`,
  };
};

const ownEventId = (eventId: unknown): Problem => ({
  code: 'unknown-field',
  message: 'the id of a fact is the id of its CloudEvent; data has no eventId',
  field: '/data/eventId',
  found: found(eventId),
  expected: 'no such member',
});

/** A reporter names the facts it voids or puts in their place by its own ids. */
const voidedIds = ({ type, source, data }: CloudEvent): Record<string, unknown> => {
  if (type !== 'FactVoided') return {};
  const canonical = (id: unknown): unknown =>
    typeof id === 'string' && id !== '' && id.isWellFormed() ? nativeEventId(id, source) : id;
  return {
    ...('voids' in data && { voids: canonical(data.voids) }),
    ...(Array.isArray(data.replacedBy) && { replacedBy: data.replacedBy.map(canonical) }),
  };
};

const nothingProduced = (data: Record<string, unknown>): Problem[] =>
  [data.inputs, data.outputs].some((list) => Array.isArray(list) && list.length > 0)
    ? []
    : [
        {
          code: 'missing-field',
          message: 'production names inputs or outputs; both lists are empty',
          field: '/data/outputs',
          expected: 'at least one input or output',
        },
      ];
