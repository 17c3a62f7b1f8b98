import type { EventDefinition, DataOf } from './define-event.js';

/** What a decider returns: an event without identity and without envelope, which the command handling adds. */
export interface DecidedEvent<Type extends string = string, Data = unknown> {
  type: Type;
  schemaVersion: number;
  /** When it happened, ISO 8601 with offset. */
  eventTime: string;
  data: Data;
}

/** The decided form of a defined event; a recorded event of that type is one too, so `evolve` takes both. */
export type DecidedOf<D> = D extends EventDefinition<infer T> ? DecidedEvent<T, DataOf<D>> : never;

export const decided = <D extends EventDefinition>(definition: D, eventTime: string, data: DataOf<D>): DecidedOf<D> =>
  ({ type: definition.type, schemaVersion: definition.version, eventTime, data }) as unknown as DecidedOf<D>;
