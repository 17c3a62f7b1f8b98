import type { RecordedEvent } from '#contracts';
import { murmur2, routeBy } from '../partition-of.js';
import type { KeyOf, Publication } from '../port.js';
import { encodeOmitted, encodeRecord, encodeWatermark, type EncodedRecord } from './record-format.js';
import type { OutgoingRecord } from './record-producer.js';

export interface PlanOptions {
  keyOf: KeyOf;
  logTopics: readonly string[];
  topicOf: (event: RecordedEvent) => readonly [string, ...string[]];
  partitions: number;
  /** The most bytes of one partition in one part; of topics besides those of the log, of the whole topic. */
  maxBytes: number;
  /** The most events in one part. */
  maxEvents: number;
  /**
   * Told of an event whose record would be too large: it is left out, and the chain says so; topics besides the log's get a
   * record without its data.
   */
  onTooLarge: (event: RecordedEvent, bytes: number) => void;
}

/** What is sent at once: for each partition of the log topics one set that ends in the watermark. */
export interface PublicationPart {
  records: OutgoingRecord[];
}

/** What Kafka adds to a record and to each of its headers, at most. */
const RECORD_BYTES = 40;
const HEADER_BYTES = 6;
/** Kept free in each set for its own frame and the watermark. */
const SET_BYTES = 600;

const sizeOf = ({ key, value, headers }: EncodedRecord): number => {
  let bytes = RECORD_BYTES + (value?.length ?? 0) + Buffer.byteLength(key ?? '');
  for (const [name, text] of Object.entries(headers)) bytes += HEADER_BYTES + name.length + Buffer.byteLength(text);
  return bytes;
};

interface Share {
  topic: string;
  partition: number;
  /** Position of the last link of its chain. */
  reached: string;
  records: OutgoingRecord[];
  bytes: number;
}

/**
 * Divides a publication into parts that a broker takes, by position: each follows on the one before, so that whichever of
 * them arrives, twice, late or not at all, the chain of positions tells it.
 */
export function* planPublication(publication: Publication, options: PlanOptions): Generator<PublicationPart> {
  const { logTopics, topicOf, partitions, maxBytes, maxEvents, onTooLarge } = options;
  const { log, after } = publication;
  const keyOf = routeBy(options.keyOf);
  const shares = new Map<string, Share[]>(
    logTopics.map((topic) => [
      topic,
      Array.from({ length: partitions }, (_, partition) => ({
        topic,
        partition,
        reached: after,
        records: [],
        bytes: SET_BYTES,
      })),
    ]),
  );
  let alerts: OutgoingRecord[] = [];
  let alertBytes = SET_BYTES;
  let count = 0;

  const close = (position: string): PublicationPart => {
    const records = [...shares.values()].flat().flatMap((share) => {
      const { topic, partition, reached } = share;
      const watermark = encodeWatermark({ after: reached, position, log, partitions });
      const set = [...share.records, { topic, partition, ...watermark }];
      Object.assign(share, { reached: position, records: [], bytes: SET_BYTES });
      return set;
    });
    const part = { records: [...records, ...alerts] };
    alerts = [];
    alertBytes = SET_BYTES;
    count = 0;
    return part;
  };

  let last = after;
  for (const event of publication.events) {
    const [topic, ...besides] = topicOf(event);
    const key = keyOf(event);
    const share = shares.get(topic)?.[(murmur2(key) & 0x7fffffff) % partitions];
    if (!share) throw new Error(`${event.type} goes to ${topic}, which is no topic of the log`);
    let record = encodeRecord(event, key, { after: share.reached, position: event.position, log, partitions });
    const bytes = sizeOf(record);
    const isTooLarge = bytes + SET_BYTES > maxBytes;
    // Without its links an alert is a little smaller. Which of them share a partition only the producer knows.
    const isFull = share.bytes + bytes > maxBytes || (besides.length > 0 && alertBytes + bytes > maxBytes);
    if (count === maxEvents || (!isTooLarge && isFull)) {
      yield close(last);
      record = encodeRecord(event, key, { after: share.reached, position: event.position, log, partitions });
    }
    if (isTooLarge) onTooLarge(event, bytes);
    else {
      share.records.push({ topic, partition: share.partition, ...record });
      share.bytes += bytes;
    }
    // Of one that is left out the next record tells by its link that it follows on something that is not there.
    share.reached = event.position;
    const alert = besides.length > 0 && (isTooLarge ? encodeOmitted(event, key, bytes) : encodeRecord(event, key));
    if (alert) {
      alerts.push(...besides.map((other) => ({ topic: other, ...alert })));
      alertBytes += sizeOf(alert);
    }
    last = event.position;
    count += 1;
  }
  yield close(publication.position);
}
