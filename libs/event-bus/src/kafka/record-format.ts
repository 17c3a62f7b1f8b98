import type { EventMeta, RecordedEvent } from '#contracts';
import type { LogIdentity } from '#event-log';
import { parseLossless } from '#kernel';

/** Headers as kafkajs hands them over. */
export type RecordHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

/** How a record of a log topic hangs together with the one before it in its partition. */
export interface ChainLink {
  /** Between here and the record's own position the partition has no event. '' is the beginning. */
  after: string;
  /** Everything of the partition up to here is in this record or before it. */
  position: string;
  log: LogIdentity;
  /** Into how many partitions the log was divided. */
  partitions: number;
}

export interface EncodedRecord {
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** What a record of a log topic should have been and is not; the message is the reason. */
export class UndecodableRecord extends Error {
  override name = 'UndecodableRecord';
}

const SCHEMA = 'urn:lotline:event';

const linkHeaders = ({ after, position, log, partitions }: ChainLink): Record<string, string> => ({
  lotline_position: position,
  lotline_after: after,
  lotline_log: log.logId,
  lotline_epoch: String(log.epoch),
  lotline_partitions: String(partitions),
});

/**
 * A recorded event as a CloudEvent 1.0 in Kafka's binary mode: attributes and what else the log knows are headers, the
 * value is the data as JSON, number literals as written.
 * @param link its place in the chain; `position` must be the event's. None on topics that are not read as the log.
 */
export const encodeRecord = (event: RecordedEvent, key: string, link?: ChainLink): EncodedRecord => {
  const { meta } = event;
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: meta.source,
    ce_type: event.type,
    ce_subject: event.stream,
    ce_time: event.eventTime,
    ce_dataschema: `${SCHEMA}:${event.type}:${event.schemaVersion}`,
    'content-type': 'application/json',
    ...(link ? linkHeaders(link) : { lotline_position: event.position }),
    lotline_revision: String(event.revision),
    lotline_recordtime: event.recordTime,
    lotline_schemaversion: String(event.schemaVersion),
    lotline_actor: meta.actor,
    lotline_correlationid: meta.correlationId,
  };
  if (meta.commandId !== undefined) headers.lotline_commandid = meta.commandId;
  if (meta.causationId !== undefined) headers.lotline_causationid = meta.causationId;
  if (meta.traceparent !== undefined) headers.traceparent = meta.traceparent;
  return { key, value: Buffer.from(JSON.stringify(event.data)), headers };
};

/**
 * Tells of an event whose record no broker would take: its headers, and how large it would have been. For topics whose readers
 * do not have the log: they learn that it is there, and ask for it.
 */
export const encodeOmitted = (event: RecordedEvent, key: string, bytes: number): EncodedRecord => ({
  key,
  value: null,
  headers: { ...encodeRecord(event, key).headers, lotline_omitted: String(bytes) },
});

/** A record without event: everything of the partition up to `link.position` stands before it. */
export const encodeWatermark = (link: ChainLink): EncodedRecord => ({
  key: null,
  value: null,
  headers: { lotline_watermark: 'true', ...linkHeaders(link) },
});

const text = (headers: RecordHeaders, name: string): string | undefined => {
  const value = headers[name];
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last === undefined ? undefined : last.toString();
};

const required = (headers: RecordHeaders, name: string): string => {
  const value = text(headers, name);
  if (value === undefined) throw new UndecodableRecord(`header ${name} is missing`);
  return value;
};

const WHOLE = /^\d{1,15}$/;

const whole = (headers: RecordHeaders, name: string): number => {
  const value = required(headers, name);
  if (!WHOLE.test(value)) throw new UndecodableRecord(`header ${name} is no whole number: ${value.slice(0, 80)}`);
  return Number(value);
};

export const isWatermark = (headers: RecordHeaders): boolean => headers.lotline_watermark !== undefined;

/** Reads the link of a record of a log topic, without its event. @throws UndecodableRecord */
export const decodeLink = (headers: RecordHeaders): ChainLink => ({
  after: required(headers, 'lotline_after'),
  position: required(headers, 'lotline_position'),
  log: { logId: required(headers, 'lotline_log'), epoch: whole(headers, 'lotline_epoch') },
  partitions: whole(headers, 'lotline_partitions'),
});

const metaOf = (headers: RecordHeaders): EventMeta => {
  const meta: EventMeta = {
    source: required(headers, 'ce_source'),
    actor: required(headers, 'lotline_actor'),
    correlationId: required(headers, 'lotline_correlationid'),
  };
  const commandId = text(headers, 'lotline_commandid');
  const causationId = text(headers, 'lotline_causationid');
  const traceparent = text(headers, 'traceparent');
  if (commandId !== undefined) meta.commandId = commandId;
  if (causationId !== undefined) meta.causationId = causationId;
  if (traceparent !== undefined) meta.traceparent = traceparent;
  return meta;
};

const dataOf = (value: Buffer | null): unknown => {
  if (value === null) throw new UndecodableRecord('the value is missing');
  try {
    return parseLossless(value.toString());
  } catch (error) {
    throw new UndecodableRecord(`the value is no JSON: ${(error as Error).message}`, { cause: error });
  }
};

/** Reads an event back as the log gave it. @throws UndecodableRecord */
export const decodeRecord = (headers: RecordHeaders, value: Buffer | null): RecordedEvent => {
  const version = required(headers, 'ce_specversion');
  if (version !== '1.0') throw new UndecodableRecord(`CloudEvents ${version.slice(0, 20)} instead of 1.0`);
  return {
    id: required(headers, 'ce_id'),
    type: required(headers, 'ce_type'),
    schemaVersion: whole(headers, 'lotline_schemaversion'),
    eventTime: required(headers, 'ce_time'),
    data: dataOf(value),
    meta: metaOf(headers),
    stream: required(headers, 'ce_subject'),
    revision: whole(headers, 'lotline_revision'),
    position: required(headers, 'lotline_position'),
    recordTime: required(headers, 'lotline_recordtime'),
  };
};
