import { ParkedEventDiscarded, ParkedEventRetried, type RecordedEvent } from '#contracts';
import type { Projector } from '../port.js';

/** What operators say to every read model; the engine itself understands it. */
const OPERATIONS: ReadonlyMap<string, number> = new Map([
  [ParkedEventRetried.type, ParkedEventRetried.version],
  [ParkedEventDiscarded.type, ParkedEventDiscarded.version],
]);

export const isDecision = (event: RecordedEvent): boolean => OPERATIONS.has(event.type);

/** What a consumer says of itself: what it wants, and what its release knows at all. */
export type Understanding = Pick<Projector, 'handles' | 'knows'>;

/** Whether the release knows an event of this type at all; of one that it does not, nobody can tell what it is about. */
export const isKnownTo =
  ({ handles, knows }: Understanding): ((event: RecordedEvent) => boolean) =>
  ({ type }) =>
    knows === undefined || knows.has(type) || handles.has(type) || OPERATIONS.has(type);

export interface Wanted {
  events: RecordedEvent[];
  /** The first event of a type or version that the release does not know yet; what comes after is not in `events`. */
  newer?: { reason: string; previous: RecordedEvent | undefined };
}

/** What a consumer wants of a batch, up to the first event that only a newer release understands. */
export const wantedOf = (understands: Understanding, batch: readonly RecordedEvent[]): Wanted => {
  const isKnown = isKnownTo(understands);
  const events: RecordedEvent[] = [];
  let previous: RecordedEvent | undefined;
  for (const event of batch) {
    const known = understands.handles.get(event.type) ?? OPERATIONS.get(event.type);
    const reason = newerReason(event, known, isKnown(event));
    if (reason !== undefined) return { events, newer: { reason, previous } };
    if (known !== undefined) events.push(event);
    previous = event;
  }
  return { events };
};

/** Why a newer release is needed for an event; undefined where it is not. */
const newerReason = (
  { type, id, position, schemaVersion }: RecordedEvent,
  known: number | undefined,
  isKnown: boolean,
): string | undefined => {
  if (known === undefined)
    return isKnown
      ? undefined
      : `${type} ${id} at ${position} is of a type that is not known: a newer release is needed`;
  return schemaVersion > known
    ? `${type} ${id} at ${position} has version ${schemaVersion}, known is ${known}: a newer release is needed`
    : undefined;
};
