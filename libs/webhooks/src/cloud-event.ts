import type { RecordedEvent } from '#contracts';

const SCHEMA = 'urn:lotline:event';

/**
 * A recorded event as a CloudEvent 1.0 in structured mode, with the attributes it has on Kafka. Who in the organisation caused
 * it is for the organisation only and stays out.
 */
export const cloudEventOf = (event: RecordedEvent): string =>
  JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: event.meta.source,
    type: event.type,
    subject: event.stream,
    time: event.eventTime,
    dataschema: `${SCHEMA}:${event.type}:${event.schemaVersion}`,
    datacontenttype: 'application/json',
    lotlineposition: event.position,
    lotlinerecordtime: event.recordTime,
    ...(event.meta.traceparent !== undefined && { traceparent: event.meta.traceparent }),
    data: event.data,
  });

/** What an operator sends to see whether a receiver is there. */
export const pingEventOf = (id: string, source: string, at: Date): string =>
  JSON.stringify({ specversion: '1.0', id, source, type: 'WebhookPing', time: at.toISOString() });
