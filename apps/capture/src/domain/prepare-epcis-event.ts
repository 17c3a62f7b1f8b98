import {
  canonicalEventId,
  declarationLogId,
  type DataOf,
  EpcisEventCaptured,
  type EpcisEvent,
  epcisContentKey,
  epcisEventId,
  type EventMeta,
  factLogId,
  factStream,
  type JsonLdContext,
  readContext,
  validateEpcisEvent,
} from '#contracts';
import { withPlainNumbers } from '#kernel';
import type { Prepared } from './new-fact.js';

/** What all events of one document or request share. */
export interface EpcisSource {
  context: JsonLdContext;
  meta: EventMeta;
  captureId?: string;
}

/**
 * Makes an EPCIS event ready for the log, or says what is wrong with it.
 * @param value one event, as `parseLossless` gave it; it is recorded verbatim.
 */
export const prepareEpcisEvent = (value: unknown, source: EpcisSource): Prepared => {
  const context = contextOf(value, source.context);
  const problems = validateEpcisEvent(withPlainNumbers(value), context.prefixes);
  if (problems.length > 0) {
    const stated = statedId(value);
    return { ...(stated !== undefined && { eventId: stated }), problems };
  }
  const event = value as EpcisEvent;
  const eventId = epcisEventId(event, context.prefixes);
  const declaration = event.errorDeclaration !== undefined;
  const data: DataOf<typeof EpcisEventCaptured> = {
    eventId,
    declaration,
    event,
    prefixes: context.prefixes,
    ...(context.contexts.length > 0 && { contexts: context.contexts }),
    ...(source.captureId !== undefined && { captureId: source.captureId }),
    reportedBy: source.meta.source,
  };
  return {
    fact: {
      eventId,
      stream: factStream(eventId),
      idField: '/eventID',
      expected: 'no-stream',
      event: {
        id: declaration ? declarationLogId(eventId) : factLogId(eventId),
        type: EpcisEventCaptured.type,
        schemaVersion: EpcisEventCaptured.version,
        eventTime: event.eventTime ?? '',
        data,
        meta: source.meta,
        contentKey: epcisContentKey(event, context.prefixes),
      },
    },
  };
};

const contextOf = (value: unknown, outer: JsonLdContext): JsonLdContext => {
  const own = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)['@context'] : undefined;
  return own === undefined ? outer : readContext(own, outer);
};

const statedId = (value: unknown): string | undefined => {
  const id = value !== null && typeof value === 'object' ? (value as { eventID?: unknown }).eventID : undefined;
  return typeof id === 'string' ? canonicalEventId(id).slice(0, 500) : undefined;
};
