import type { Admin } from 'kafkajs';
import type { Partition } from '../port.js';
import type { KafkaConnection } from './kafka-connection.js';

/** What the brokers say of the topics, asked by one connection that opens at the first question. */
export interface TopicOffsets {
  /** @returns how many partitions each of the topics has. @throws where they differ, or one is missing. */
  partitions(topics: readonly string[]): Promise<number>;
  /** @returns the offset after the last record of each topic in a partition. */
  endsOf(topics: readonly string[], partition: Partition): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export const createTopicOffsets = (kafka: KafkaConnection): TopicOffsets => {
  let connecting: Promise<Admin> | undefined;
  const connect = async (): Promise<Admin> => {
    const admin = kafka.client().admin();
    try {
      await admin.connect();
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
    return admin;
  };
  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    const connected = (connecting ??= connect());
    try {
      return await question(await connected);
    } catch (error) {
      // A connection that failed once is not trusted again.
      if (connecting === connected) connecting = undefined;
      void connected.then((admin) => admin.disconnect()).catch(() => undefined);
      throw error;
    }
  };
  return {
    partitions: (names) =>
      ask(async (admin) => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
        const counts = names.map((name) => topics.find((topic) => topic.name === name)?.partitions.length ?? 0);
        const [first = 0] = counts;
        if (first > 0 && counts.every((count) => count === first)) return first;
        const found = names.map((name, i) => `${name} ${String(counts[i])}`).join(', ');
        throw new Error(`the topics of the log must have the same number of partitions: ${found}`);
      }),
    endsOf: (topics, { index }) =>
      ask(async (admin) => {
        const ends = topics.map(async (topic) => {
          const offsets = await admin.fetchTopicOffsets(topic);
          const end = offsets.find(({ partition }) => partition === index);
          if (!end) throw new Error(`topic ${topic} has no partition ${index}`);
          return [topic, Number(end.high)] as const;
        });
        return Object.fromEntries(await Promise.all(ends));
      }),
    async close() {
      const connected = connecting;
      connecting = undefined;
      await connected?.then((admin) => admin.disconnect()).catch(() => undefined);
    },
  };
};
