import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscription } from '../port.js';
import { consumeRecords, type ConsumeRecordsOptions, type InboundRecord } from './consume-records.js';
import { createLagReader } from './lag.js';
import { createRecordProducer, type RecordProducer } from './record-producer.js';
import { createKafkaTopics, type TestTopics } from './topics.fixture.js';
import { createTopics } from './topics.js';

describe('records that others write', () => {
  let topics: TestTopics;
  let producer: RecordProducer;
  let topic: string;
  const subscriptions: Subscription[] = [];
  beforeEach(async () => {
    topics = await createKafkaTopics(2, 1);
    topic = topics.logTopics[0]!;
    producer = createRecordProducer({ kafka: topics.kafka });
  });
  afterEach(async () => {
    await Promise.all(subscriptions.splice(0).map((subscription) => subscription.stop()));
    await producer.close();
    await topics.drop();
  });

  const send = (from: number, to: number): Promise<void> =>
    producer.send(
      Array.from({ length: to - from }, (_, i) => ({
        topic,
        key: `k${(from + i) % 5}`,
        value: String(from + i),
        headers: { n: String(from + i) },
      })),
    );

  /** A consumer of the group that collects what it takes. */
  const collect = async (more: Partial<ConsumeRecordsOptions> = {}) => {
    const taken: InboundRecord[] = [];
    const errors: unknown[] = [];
    let check: () => void = () => undefined;
    const subscription = await consumeRecords({
      kafka: topics.kafka,
      group: `${topic}-g`,
      topics: [topic],
      sessionTimeoutMs: 6_000,
      batchSize: 10,
      retry: { firstMs: 5, longestMs: 50 },
      ...more,
      onRecords: async (records) => {
        await more.onRecords?.(records);
        taken.push(...records);
        check();
      },
      onError: (error) => void errors.push(error),
    });
    subscriptions.push(subscription);
    const values = (): number[] => taken.map(({ value }) => Number(value)).sort((a, b) => a - b);
    const until = (count: number): Promise<void> =>
      new Promise((resolve) => {
        check = () => new Set(values()).size >= count && resolve();
        check();
      });
    return { taken, errors, subscription, values, until };
  };
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

  it('come in order, a batch again until it is taken, and not again after a restart', async () => {
    let refusals = 0;
    await send(0, 60);
    const first = await collect({
      onRecords: (records) =>
        records.some(({ headers }) => headers.n === '17') && (refusals += 1) < 3
          ? Promise.reject(new Error('not now'))
          : Promise.resolve(),
    });
    await first.until(60);
    await first.subscription.stop();
    expect(first.values()).toEqual(upTo(60));
    expect(first.errors.map(String)).toEqual(['Error: not now', 'Error: not now']);
    for (const partition of [0, 1]) {
      const own = first.taken.filter((record) => record.partition === partition).map(({ offset }) => Number(offset));
      expect(own).toEqual(own.map((_, i) => i));
    }
    await send(60, 80);
    const second = await collect();
    await second.until(20);
    expect(second.values()).toEqual(upTo(80).slice(60));
  });

  it('wait while paused, and show as lag', async () => {
    const lags = createLagReader(topics.kafka);
    const group = `${topic}-g`;
    const lag = async (): Promise<number> =>
      (await lags.read([{ group, topics: [topic] }])).reduce((sum, one) => sum + one.lag, 0);
    const consumer = await collect();
    await send(0, 30);
    await consumer.until(30);
    while ((await lags.read([{ group, topics: [topic] }])).length < 2 || (await lag()) > 0);
    consumer.subscription.pause();
    await send(30, 50);
    expect(await lag()).toBe(20);
    expect(consumer.taken).toHaveLength(30);
    consumer.subscription.resume();
    await consumer.until(50);
    expect(consumer.values()).toEqual(upTo(50));
    await lags.close();
  });

  it('need topics: made once, and what differs is said and left alone', async () => {
    const wanted = { topic, partitions: 3, replicationFactor: 1, configs: { 'retention.ms': '60000' } };
    const fresh = { ...wanted, topic: `${topic}.fresh` };
    const reports = await Promise.all([
      createTopics(topics.admin, [wanted, fresh]),
      createTopics(topics.admin, [fresh]),
    ]);
    expect(
      reports
        .flat()
        .filter(({ created }) => created)
        .map((report) => report.topic),
    ).toEqual([fresh.topic]);
    expect(reports[0][0]).toEqual({
      topic,
      created: false,
      differences: [
        { what: 'partitions', wanted: '3', is: '2' },
        { what: 'retention.ms', wanted: '60000', is: '604800000' },
      ],
    });
    expect(await createTopics(topics.admin, [fresh])).toEqual([
      { topic: fresh.topic, created: false, differences: [] },
    ]);
    await topics.admin.deleteTopics({ topics: [fresh.topic] });
  });
});
