import type { RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import type { PoolClient } from 'pg';
import { PoisonEvent, type ProjectionContext, type Projector } from '../port.js';
import type { Build } from '../store/builds.js';
import type { Parked } from '../store/parked-events.js';

/** How one build of a read model takes events inside an open transaction. */
export interface Applying {
  client: PoolClient;
  log: EventLog;
  build: Pick<Build, 'schema' | 'projection' | 'version'>;
  projector: Projector;
  /**
   * hopeful: one call of the projector, its error is thrown; careful: the events that fail are searched and parked;
   * rebuild: what the live model parked by its own fault is parked, retries that helped it are repeated, anything new is
   * thrown.
   */
  policy:
    { kind: 'hopeful' } | { kind: 'careful'; streak: Streak } | { kind: 'rebuild'; known: ReadonlyMap<string, Known> };
}

/** What the live model has in its table of parked events. */
export type Known = Pick<Parked, 'follows' | 'error' | 'resolvedBy'>;

/** How many events failed one after another without the projector saying that they are poison. */
export interface Streak {
  failures: number;
  limit: number;
}

export const contextOf = ({ client, build, policy }: Applying): ProjectionContext => ({
  client,
  schema: build.schema,
  rebuilding: policy.kind === 'rebuild',
});

/** The event that is to blame: the one the projector names, or the only one there was. */
export const culpritOf = (error: unknown, tried: readonly RecordedEvent[]): RecordedEvent | undefined => {
  if (tried.length === 1) return tried[0];
  return error instanceof PoisonEvent ? tried.find((event) => event.id === error.event.id) : undefined;
};
