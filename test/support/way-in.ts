import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CAPTURE_TOPIC, REFUSED_TOPIC, topicName } from '#contracts';
import {
  consumeRecords,
  createKafkaConnection,
  createRecordProducer,
  createTopics,
  type InboundRecord,
  type KafkaConnection,
  type OutgoingRecord,
  type RecordProducer,
} from '#event-bus';
import { testKafka } from '#testkit';
import { readTopicsFile } from '../../apps/standalone/src/cli/topics/topics-file.js';
import { wantedTopics } from '../../apps/standalone/src/cli/topics/wanted-topics.js';
import { until } from './start-standalone.js';

/** The way in of an installation of its own on the shared broker, as deploy/kafka makes it. */
export interface WayIn {
  prefix: string;
  /** Full names. */
  topic: string;
  refused: string;
  kafka: KafkaConnection;
  producer: RecordProducer;
  write(...records: Omit<OutgoingRecord, 'topic'>[]): Promise<void>;
  /** What stands on the topic of refused records, as soon as it is so many. */
  refusals(count: number): Promise<InboundRecord[]>;
  /** Resolves when the group of capture has confirmed every record. */
  confirmed(): Promise<void>;
  close(): Promise<void>;
}

export const openWayIn = async (partitions: number, more: { refusedBytes?: number } = {}): Promise<WayIn> => {
  const prefix = `t-${randomUUID()}`;
  const kafka = createKafkaConnection({ brokers: [testKafka()], clientId: 'upstream' });
  const admin = kafka.client().admin();
  await admin.connect();
  const file = readTopicsFile(await readFile('deploy/kafka/topics.json', 'utf8'), 'topics.json');
  const [topic, refused] = [topicName(prefix, CAPTURE_TOPIC), topicName(prefix, REFUSED_TOPIC)];
  const wanted = wantedTopics(file, { prefix, partitions, replication: 1 })
    .filter((one) => one.topic === topic || one.topic === refused)
    .map((one) =>
      one.topic === refused && more.refusedBytes !== undefined
        ? { ...one, configs: { ...one.configs, 'max.message.bytes': String(more.refusedBytes) } }
        : one,
    );
  await createTopics(admin, wanted);
  const producer = createRecordProducer({ kafka });
  const refusals: InboundRecord[] = [];
  const reading = await consumeRecords({
    ...{ kafka, group: `${prefix}.reader`, topics: [refused], sessionTimeoutMs: 6_000 },
    onRecords: (records) => {
      refusals.push(...records);
      return Promise.resolve();
    },
    onError: () => undefined,
  });
  return {
    ...{ prefix, topic, refused, kafka, producer },
    write: (...records) => producer.send(records.map((record) => ({ topic, ...record }))),
    refusals: async (count) => {
      await until(`${count} records are refused`, () => Promise.resolve(refusals.length >= count));
      return refusals;
    },
    confirmed: () =>
      until('all records are confirmed', async () => {
        const ends = await admin.fetchTopicOffsets(topic);
        const [committed] = await admin.fetchOffsets({ groupId: `${prefix}.capture`, topics: [topic] });
        return ends.every(({ partition, high }) => {
          const own = committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
          return Math.max(0, Number(own)) === Number(high);
        });
      }),
    close: async () => {
      await reading.stop();
      await producer.close();
      await admin.deleteTopics({ topics: [topic, refused] });
      await admin.disconnect();
    },
  };
};
