import { ParkedEventDiscarded, ParkedEventRetried, type RecordedEvent } from '#contracts';
import type { Projector } from '../port.js';

/** What operators say to every read model; the engine itself understands it. */
const OPERATIONS: ReadonlyMap<string, number> = new Map([
  [ParkedEventRetried.type, ParkedEventRetried.version],
  [ParkedEventDiscarded.type, ParkedEventDiscarded.version],
]);

export const isDecision = (event: RecordedEvent): boolean => OPERATIONS.has(event.type);

export interface Wanted {
  events: RecordedEvent[];
  /** The first event of a version that the projector does not know yet; what comes after is not in `events`. */
  newer?: { event: RecordedEvent; known: number; previous: RecordedEvent | undefined };
}

/** What a projector wants of a batch, up to the first event that only a newer release understands. */
export const wantedOf = (handles: Projector['handles'], batch: readonly RecordedEvent[]): Wanted => {
  const events: RecordedEvent[] = [];
  let previous: RecordedEvent | undefined;
  for (const event of batch) {
    const known = handles.get(event.type) ?? OPERATIONS.get(event.type);
    if (known !== undefined && event.schemaVersion > known) return { events, newer: { event, known, previous } };
    if (known !== undefined) events.push(event);
    previous = event;
  }
  return { events };
};

export const newerReason = (event: RecordedEvent, known: number): string =>
  `${event.type} ${event.id} at ${event.position} has version ${event.schemaVersion}, known is ${known}: a newer release is needed`;
