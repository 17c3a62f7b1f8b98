import kafkajs, { type ICustomPartitioner } from 'kafkajs';
import type { RecordedEvent } from '#contracts';
import type { EventPublisher, KeyOf, Publication } from '../port.js';
import type { KafkaConnection, KafkaLog } from './kafka-connection.js';
import { planPublication } from './plan-publication.js';
import { createRecordProducer } from './record-producer.js';
import { createTopicOffsets } from './topic-offsets.js';

export interface KafkaPublisherOptions {
  kafka: KafkaConnection;
  keyOf: KeyOf;
  /** Full names of the topics that carry the log; watermarks go to every partition of each. */
  logTopics: readonly string[];
  /** Full names of the topics an event goes to: its log topic first, alert topics beside it. */
  topicOf: (event: RecordedEvent) => readonly [string, ...string[]];
  /** Told of events that are too large for a record: readers get those from the log. */
  log?: KafkaLog | undefined;
  /** The most bytes of one partition in one request; default 900,000, just below what a broker takes by default. */
  maxBytes?: number;
}

const MAX_BYTES = 900_000;
/** More at once are not faster, and hold more memory. */
const MAX_EVENTS = 2_000;

/**
 * Publishes the log to Kafka, one publication after another. A rejected publication may be there in parts, and may even
 * arrive after the next one: the chain of positions makes both harmless to readers.
 */
export const createKafkaPublisher = ({
  kafka,
  keyOf,
  logTopics,
  topicOf,
  log,
  maxBytes = MAX_BYTES,
}: KafkaPublisherOptions): EventPublisher => {
  const offsets = createTopicOffsets(kafka);
  const ofLog = new Set(logTopics);
  let partitions: number | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const partitioner: ICustomPartitioner = () => {
    const byKey = kafkajs.Partitioners.DefaultPartitioner();
    return (args) => {
      if (!ofLog.has(args.topic)) return byKey(args);
      if (args.partitionMetadata.length === partitions) return args.message.partition ?? byKey(args);
      partitions = undefined;
      throw new Error(`topic ${args.topic} has ${args.partitionMetadata.length} partitions now`);
    };
  };
  const producer = createRecordProducer({ kafka, partitioner });

  const onTooLarge = ({ id, type, position }: RecordedEvent, bytes: number): void =>
    log?.('warn', 'an event is too large for a Kafka record; readers get it from the log', {
      id,
      type,
      position,
      bytes,
    });

  const publishNow = async (publication: Publication): Promise<void> => {
    partitions ??= await offsets.partitions(logTopics);
    const options = { keyOf, logTopics, topicOf, partitions, maxBytes, maxEvents: MAX_EVENTS, onTooLarge };
    for (const { records } of planPublication(publication, options)) await producer.send(records);
  };

  return {
    publish(publication) {
      const published = last.then(() => publishNow(publication));
      last = published.catch(() => undefined);
      return published;
    },
    async close() {
      await last;
      await Promise.all([producer.close(), offsets.close()]);
    },
  };
};
