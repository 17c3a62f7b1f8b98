import { randomUUID } from 'node:crypto';
import { consumeRecords } from './consume-records.js';
import type { KafkaConnection } from './kafka-connection.js';

export interface ReadRecord {
  key: string | undefined;
  value: string | undefined;
  headers: Readonly<Record<string, string>>;
}

/** @returns the first records of a topic, as soon as there are so many. */
export const readTopic = async (kafka: KafkaConnection, topic: string, count: number): Promise<ReadRecord[]> => {
  const read: ReadRecord[] = [];
  let enough: () => void = () => undefined;
  const there = new Promise<void>((resolve) => (enough = resolve));
  const subscription = await consumeRecords({
    kafka,
    group: `r-${randomUUID()}`,
    topics: [topic],
    sessionTimeoutMs: 6_000,
    onRecords: (records) => {
      read.push(
        ...records.map(({ key, value, headers }) => ({ key: key?.toString(), value: value?.toString(), headers })),
      );
      if (read.length >= count) enough();
      return Promise.resolve();
    },
    onError: () => undefined,
  });
  await there;
  await subscription.stop();
  return read;
};
