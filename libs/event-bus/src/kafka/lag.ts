import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';

export interface PartitionLag {
  group: string;
  topic: string;
  partition: number;
  /** Records that the group has not confirmed yet, watermarks included; all there are where it never confirmed any. */
  lag: number;
}

export interface LagReader {
  /** @returns a line for each partition of the topics. @throws where no broker answers. */
  read(groups: readonly { group: string; topics: readonly string[] }[]): Promise<PartitionLag[]>;
  close(): Promise<void>;
}

/** Reads how far groups are behind the end of their topics, as tools of Kafka see it. Connects at the first reading. */
export const createLagReader = (kafka: KafkaConnection): LagReader => {
  let connecting: Promise<Admin> | undefined;
  const connect = async (): Promise<Admin> => {
    const admin = kafka.client().admin({ retry: { retries: 1 } });
    await admin.connect();
    return admin;
  };
  const connected = (): Promise<Admin> => {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };
  return {
    async read(groups) {
      const admin = await connected();
      const topics = [...new Set(groups.flatMap((group) => group.topics))];
      const ends = new Map(
        await Promise.all(
          topics.map(async (topic) => {
            const offsets = await admin.fetchTopicOffsets(topic);
            return [topic, new Map(offsets.map(({ partition, high, low }) => [partition, { high, low }]))] as const;
          }),
        ),
      );
      const lags = await Promise.all(
        groups.map(async ({ group, topics }) => {
          const confirmed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
          return confirmed.flatMap(({ topic, partitions }) =>
            partitions.map(({ partition, offset }) => {
              const { high, low } = ends.get(topic)?.get(partition) ?? { high: '0', low: '0' };
              // Kafka's -1: none confirmed. A group that cannot begin at all must be seen to be behind, too.
              return {
                group,
                topic,
                partition,
                lag: Math.max(0, Number(high) - Math.max(Number(offset), Number(low))),
              };
            }),
          );
        }),
      );
      return lags.flat();
    },
    async close() {
      const admin = await connecting?.catch(() => undefined);
      connecting = undefined;
      await admin?.disconnect();
    },
  };
};
