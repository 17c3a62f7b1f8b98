import type { Static, TSchema } from 'typebox';
import type { RecordedEvent } from './envelope.js';

/** The contexts that own events; each has its own Kafka topic (`lotline.<context>.v1`). */
export type Context =
  'capture' | 'production' | 'inventory' | 'shipping' | 'recalls' | 'expiry' | 'genealogy' | 'operations';

/**
 * The one source of an event: the schema gives the TypeScript type, the JSON Schema, the compiled validator and the
 * catalogue; the sample is its golden example, validated and replayed by tests.
 */
export interface EventDefinition<Type extends string = string, Data extends TSchema = TSchema> {
  type: Type;
  version: number;
  context: Context;
  /** One sentence for the catalogue. */
  summary: string;
  data: Data;
  sample: Static<Data>;
}

export const defineEvent = <const Type extends string, Data extends TSchema>(
  definition: EventDefinition<Type, Data>,
): EventDefinition<Type, Data> => definition;

export type DataOf<D> = D extends EventDefinition<string, infer S> ? Static<S> : never;
/** The event as read from the log. */
export type RecordedOf<D> = D extends EventDefinition<infer T, infer S> ? RecordedEvent<T, Static<S>> : never;
