import type { AllStreamRecordedEvent, RecordedEvent as ClientEvent } from '@eventstore/db-client';
import type { EventMeta, RecordedEvent } from '#contracts';
import { parseLossless } from '#kernel';
import type { AcceptedEvent } from '../accept-append.js';
import { positionText } from './position.js';

/** An event as it is sent. */
export interface ProposedEvent {
  id: string;
  type: string;
  contentType: 'application/json' | 'application/octet-stream';
  data: Buffer;
  metadata: Buffer;
}

/** What stands in an event's metadata: the envelope, and what a repetition is compared with. */
interface Metadata {
  schemaVersion: number;
  eventTime: string;
  /** SHA-256 of the canonical content, hexadecimal. */
  contentHash: string;
  /** Of the append that recorded it: tells the one that wrote an event from one that found it there. */
  appendId: string;
  /** Where a clock replaces the server's. */
  recordTime?: string;
  meta: EventMeta;
}

/** An event read back, with what only the adapter looks at. */
export interface StoredEvent {
  event: RecordedEvent;
  contentHash: string;
  appendId: string;
}

/** The client parses JSON into doubles. Where that would change a number, the same text is stored as bytes instead. */
const survivesParsing = (json: string): boolean => JSON.stringify(JSON.parse(json)) === json;

export const proposedEvent = (
  { id, type, schemaVersion, eventTime, data, meta, contentHash }: AcceptedEvent,
  appendId: string,
  recordTime: string | undefined,
): ProposedEvent => {
  const envelope: Omit<Metadata, 'meta'> = {
    schemaVersion,
    eventTime,
    contentHash: contentHash.toString('hex'),
    appendId,
    ...(recordTime === undefined ? {} : { recordTime }),
  };
  return {
    id,
    type,
    contentType: survivesParsing(data) ? 'application/json' : 'application/octet-stream',
    data: Buffer.from(data),
    metadata: Buffer.from(`${JSON.stringify(envelope).slice(0, -1)},"meta":${meta}}`),
  };
};

const isMetadata = (metadata: unknown): metadata is Metadata =>
  typeof metadata === 'object' && metadata !== null && 'contentHash' in metadata && 'appendId' in metadata;

/**
 * @param stream the log's own name of the stream.
 * @throws Error where something else than a log has written into the stream, or the server is too old to say positions.
 */
export const storedEvent = (read: ClientEvent | AllStreamRecordedEvent, stream: string): StoredEvent => {
  const metadata: unknown = read.metadata;
  if (!isMetadata(metadata)) throw new Error(`event ${read.id} in ${read.streamId} was not written by an event log`);
  if (read.position === undefined)
    throw new Error(
      'the server does not say the position of an event in a stream: EventStoreDB 22.6 or later is needed',
    );
  const { contentHash, appendId, schemaVersion, eventTime, meta } = metadata;
  return {
    contentHash,
    appendId,
    event: {
      id: read.id,
      type: read.type,
      schemaVersion,
      eventTime,
      data: read.isJson ? read.data : parseLossless(Buffer.from(read.data).toString()),
      meta,
      stream,
      revision: Number(read.revision),
      position: positionText(read.position),
      recordTime: metadata.recordTime ?? read.created.toISOString(),
    },
  };
};
