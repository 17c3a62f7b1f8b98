import type { CompressionTypes, ICustomPartitioner, Producer, TopicMessages } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';

/** A record to be written. Without `partition` the key decides, as Kafka's default partitioner does. */
export interface OutgoingRecord {
  topic: string;
  key?: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Readonly<Record<string, string | Buffer>>;
  partition?: number;
}

export interface RecordProducer {
  /**
   * Writes the records of each partition in the order given, as one set that is there as a whole or not at all.
   * Resolved when all in-sync replicas have them. One call after another.
   * @throws where the broker did not confirm: any of them may be there nonetheless; the next call connects anew.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Waits for the sends under way. */
  close(): Promise<void>;
}

export interface RecordProducerOptions {
  kafka: KafkaConnection;
  partitioner?: ICustomPartitioner;
  compression?: CompressionTypes;
}

const byTopic = (records: readonly OutgoingRecord[]): TopicMessages[] => {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, ...message } of records) {
    let entry = topics.get(topic);
    if (!entry) topics.set(topic, (entry = { topic, messages: [] }));
    entry.messages.push(message);
  }
  return [...topics.values()];
};

/**
 * An idempotent producer that connects by itself. After a failure its sequence numbers are worth nothing, so that a new
 * one takes its place: a record is written once by one `send`, and perhaps again by the caller's next try.
 */
export const createRecordProducer = ({ kafka, partitioner, compression }: RecordProducerOptions): RecordProducer => {
  let current: Producer | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const connected = async (): Promise<Producer> => {
    if (current) return current;
    const producer = kafka.client().producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: partitioner ?? kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 5 },
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    return (current = producer);
  };

  const sendNow = async (records: readonly OutgoingRecord[]): Promise<void> => {
    if (isClosed) throw new Error('the producer is closed');
    if (records.length === 0) return;
    const producer = await connected();
    try {
      await producer.sendBatch({
        acks: -1,
        topicMessages: byTopic(records),
        ...(compression !== undefined && { compression }),
      });
    } catch (error) {
      current = undefined;
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  };

  return {
    send(records) {
      const sent = last.then(() => sendNow(records));
      last = sent.catch(() => undefined);
      return sent;
    },
    async close() {
      await last;
      isClosed = true;
      await current?.disconnect();
      current = undefined;
    },
  };
};
