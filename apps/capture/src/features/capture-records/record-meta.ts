import type { EventMeta } from '#contracts';
import type { InboundRecord } from '#event-bus';
import { continuedTrace, readCorrelationId } from '#platform';

/** As the source of a CloudEvent. */
const SOURCE = /^[^\s\p{Cc}\p{Cs}]{1,200}$/u;

/** Where a record stands: the same however often it is delivered. */
export const placeOf = ({ topic, partition, offset }: Pick<InboundRecord, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}/${offset}`;

/**
 * Who said it, for the facts of a record. The broker does not tell who wrote it, and nobody is believed who he says he is: the
 * actor is whoever may write to the topic.
 * @param sender the reporting system, where the content names one; else a header may, else the topic stands for it. Never the
 *   place of the record: ids that are scoped by their reporter would fall apart.
 */
export const recordMeta = (record: InboundRecord, sender?: string): EventMeta => {
  const { topic, headers } = record;
  const traceparent = continuedTrace(headers.traceparent ?? headers.ce_traceparent);
  const stated = headers.lotline_source ?? '';
  return {
    source: sender ?? (SOURCE.test(stated) ? stated : `kafka:${topic}`),
    actor: `kafka:${topic}`,
    correlationId: readCorrelationId(headers.lotline_correlationid) ?? placeOf(record),
    commandId: placeOf(record),
    ...(traceparent !== undefined && { traceparent }),
  };
};
