import type { EventLog } from '#event-log';
import { partitionBy } from '../partition-of.js';
import type { EventBus, KeyOf, Subscription } from '../port.js';
import { createSharedPages } from '../shared-pages.js';
import type { KafkaConnection } from './kafka-connection.js';
import { createRecordProducer } from './record-producer.js';
import { DEFAULT_RETRY, type RetryDelay } from './retry-delay.js';
import { subscribe } from './subscribe.js';
import { createTopicOffsets } from './topic-offsets.js';

export interface KafkaBusOptions {
  kafka: KafkaConnection;
  /** What a partition lacks in Kafka is read from here. */
  log: EventLog;
  keyOf: KeyOf;
  /** Full names of the topics that carry the log together; all have the same number of partitions. */
  topics: readonly string[];
  /** Full name of the topic for records that cannot be decoded. */
  deadLetters: string;
  /** How long a member may be silent before the group takes it for dead; default 30 s. */
  sessionTimeoutMs?: number;
  /** Delay after a rejected delivery; default 50 ms to 5 s. */
  retry?: RetryDelay;
}

/** How many events of the log are held for lanes that catch up at about the same place. */
const HELD_EVENTS = 10_000;

/**
 * Distribution by Kafka. A partition of the bus is the same partition of all log topics, merged into the order of the log,
 * so that checkpoints are those of the log tail. What Kafka does not have, no longer has or has damaged is read from the
 * log: topics may be deleted and made anew.
 */
export const createKafkaBus = ({
  kafka,
  log,
  keyOf,
  topics,
  deadLetters,
  sessionTimeoutMs = 30_000,
  retry = DEFAULT_RETRY,
}: KafkaBusOptions): EventBus => {
  const partitionOf = partitionBy(keyOf);
  const pages = createSharedPages(log, HELD_EVENTS);
  const letters = createRecordProducer({ kafka });
  const offsets = createTopicOffsets(kafka);
  const subscriptions = new Set<Subscription>();
  const context = {
    log,
    pages,
    topics,
    deadLetters,
    letters,
    partitionOf,
    endsOf: (of: readonly string[], partition: { index: number; of: number }) => offsets.endsOf(of, partition),
  };

  return {
    keyOf,
    partitionOf,
    partitions: () => offsets.partitions(topics),
    consume(options) {
      const inner = subscribe({ kafka, context, sessionTimeoutMs, retry }, options);
      const subscription: Subscription = {
        ...inner,
        async stop() {
          await inner.stop();
          subscriptions.delete(subscription);
        },
      };
      subscriptions.add(subscription);
      return Promise.resolve(subscription);
    },
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await Promise.all([letters.close(), offsets.close()]);
      pages.clear();
    },
  };
};
