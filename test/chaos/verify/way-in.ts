import { Kafka, logLevel } from 'kafkajs';
import { CAPTURE_TOPIC, topicName } from '#contracts';

/** How much of the way in capture has not confirmed yet, by partition. */
export const unread = async (brokers: string, prefix: string): Promise<string[]> => {
  const kafka = new Kafka({ clientId: 'chaos-verifier', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const topic = topicName(prefix, CAPTURE_TOPIC);
  const admin = kafka.admin({ retry: { retries: 1 } });
  try {
    await admin.connect();
    const [ends, [confirmed]] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      admin.fetchOffsets({ groupId: `${prefix}.capture`, topics: [topic] }),
    ]);
    return ends.flatMap(({ partition, high }) => {
      const own = confirmed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
      const left = Number(high) - Math.max(0, Number(own));
      return left > 0 ? [`${left} records of ${topic}/${partition} are not confirmed`] : [];
    });
  } finally {
    await admin.disconnect();
  }
};
