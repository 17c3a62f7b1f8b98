import { randomUUID } from 'node:crypto';
import type { Admin } from 'kafkajs';
import type { RecordedEvent } from '#contracts';
import { testKafka } from '#testkit';
import { createKafkaConnection, type KafkaConnection, type KafkaOptions } from './kafka-connection.js';
import { murmur2 } from '../partition-of.js';
import { createTopics, type WantedTopic } from './topics.js';

export interface TestTopics {
  /** As the options say. */
  kafka: KafkaConnection;
  /** Straight to the broker. */
  plain: KafkaConnection;
  admin: Admin;
  logTopics: string[];
  deadLetters: string;
  /** Streams are spread over the topics. */
  topicOf: (event: RecordedEvent) => readonly [string];
  /** Deletes the topics of the log and makes them anew. */
  recreate(): Promise<void>;
  drop(): Promise<void>;
}

/** Topics of a name that nobody else has, on the shared broker. */
export const createKafkaTopics = async (
  partitions: number,
  topics = 3,
  more: Partial<KafkaOptions> = {},
): Promise<TestTopics> => {
  const prefix = `t-${randomUUID()}`;
  const kafka = createKafkaConnection({ brokers: [testKafka()], clientId: 'test', ...more });
  const plain = createKafkaConnection({ brokers: [testKafka()], clientId: 'test' });
  const admin = plain.client().admin();
  await admin.connect();
  const logTopics = Array.from({ length: topics }, (_, i) => `${prefix}.log-${i}`);
  const deadLetters = `${prefix}.dead-letters`;
  const wanted = (topic: string): WantedTopic => ({ topic, partitions, replicationFactor: 1, configs: {} });
  await createTopics(admin, [...logTopics, deadLetters].map(wanted));
  return {
    kafka,
    plain,
    admin,
    logTopics,
    deadLetters,
    topicOf: ({ stream }) => [logTopics[(murmur2(`topic of ${stream}`) & 0x7fffffff) % topics] ?? ''],
    async recreate() {
      await admin.deleteTopics({ topics: logTopics });
      await createTopics(admin, logTopics.map(wanted));
    },
    async drop() {
      await admin.deleteTopics({ topics: [...logTopics, deadLetters] });
      await admin.disconnect();
    },
  };
};
