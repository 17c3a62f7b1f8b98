import { type EventMeta, factLogId, factStream, nativeContentKey, readCloudEvent } from '#contracts';
import type { Prepared } from './new-fact.js';

/**
 * Makes a native fact ready for the log, or says what is wrong with it. A voiding fact stands in the stream of the fact it
 * voids, under its own id.
 * @param value one CloudEvent, as `parseLossless` gave it.
 * @param meta who sent it; its `source` is replaced by that of the CloudEvent.
 */
export const prepareCloudEvent = (value: unknown, meta: EventMeta): Prepared => {
  const read = readCloudEvent(value);
  if ('problems' in read) {
    const id = value !== null && typeof value === 'object' ? (value as { id?: unknown }).id : undefined;
    return { ...(typeof id === 'string' && { eventId: id.slice(0, 500) }), problems: read.problems };
  }
  const { fact } = read;
  const voids = fact.type === 'FactVoided' ? (fact.data as { voids: string }).voids : undefined;
  return {
    fact: {
      eventId: fact.eventId,
      stream: factStream(voids ?? fact.eventId),
      idField: '/id',
      expected: 'no-stream',
      event: {
        id: factLogId(fact.eventId),
        type: fact.type,
        schemaVersion: fact.schemaVersion,
        eventTime: fact.eventTime,
        data: fact.data,
        meta: { ...meta, source: fact.source },
        contentKey: nativeContentKey(fact),
      },
    },
  };
};
