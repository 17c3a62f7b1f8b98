import type { KafkaConnection } from '#event-bus';
import type { Probe } from '../probe.js';

/** By a connection of its own, which does not wait for a broker to come back. */
export const pingKafka =
  (kafka: KafkaConnection): Probe =>
  async () => {
    const admin = kafka.client().admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      return await admin.describeCluster();
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  };
