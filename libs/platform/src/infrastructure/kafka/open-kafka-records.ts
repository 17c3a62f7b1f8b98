import type { Logger } from 'pino';
import { consumeRecords, createRecordProducer, type KafkaConnection, type Subscription } from '#event-bus';
import { topicName } from '#contracts';
import type { LotlineConfig } from '../../config/lotline-config.js';
import type { Records } from '../records.js';
import { orUnavailable } from '../unavailable.js';

export const openKafkaRecords = (
  kafka: KafkaConnection,
  { topicPrefix, kafkaSessionTimeoutMs }: LotlineConfig,
  logger: Logger,
  onGroup: (group: string, topic: string) => void,
): Records => {
  const producer = createRecordProducer({ kafka });
  const subscriptions = new Set<Subscription>();
  const named = (name: string): string => topicName(topicPrefix, { name });
  return {
    receive: async ({ topic, group: name, ...options }) => {
      const group = `${topicPrefix}.${name}`;
      onGroup(group, named(topic));
      const subscription = await orUnavailable(
        `${named(topic)} cannot be consumed`,
        consumeRecords({
          ...options,
          kafka,
          group,
          topics: [named(topic)],
          sessionTimeoutMs: kafkaSessionTimeoutMs,
          onError: (err) => logger.warn({ err, topic: named(topic) }, 'records were not taken in; they come again'),
        }),
      );
      subscriptions.add(subscription);
      return subscription;
    },
    send: (records) =>
      orUnavailable(
        'the broker did not confirm',
        producer.send(records.map((record) => ({ ...record, topic: named(record.topic) }))),
      ),
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await producer.close();
    },
  };
};
