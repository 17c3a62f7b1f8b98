/**
 * Publisher and consumer of the bus over Kafka beside bare kafkajs with the same bytes, interleaved in one run, for 1, 2
 * and 4 partitions: events a second and processor time an event of this process. Needs a broker:
 *
 *   LOTLINE_TEST_KAFKA=127.0.0.1:19092 node --import ./libs/testkit/src/run-ts/register.mjs bench/kafka-bus.ts [events]
 *
 * The peer is kafkajs's own idempotent producer (acks -1, 700 records a batch) and its `eachBatch`, which parses each
 * value and does nothing else. The bus's consumer also checks the chain, merges six topics into the order of the log and
 * hands over batches of 1,000; its log is empty, so everything comes by Kafka.
 */
import { randomUUID } from 'node:crypto';
import kafkajs, { type Message } from 'kafkajs';
import type { RecordedEvent } from '#contracts';
import {
  allPartitions,
  createKafkaBus,
  createKafkaConnection,
  createKafkaPublisher,
  createTopics,
  encodeRecord,
  murmur2,
  type Publication,
} from '#event-bus';
import type { EventLog } from '#event-log';

const EVENTS = Number(process.argv[2] ?? 60_000);
const BATCH = 700;
const TOPICS = 6;
const identity = { logId: 'bench', epoch: 1 };

const kafka = createKafkaConnection({
  brokers: [process.env.LOTLINE_TEST_KAFKA ?? '127.0.0.1:9092'],
  clientId: 'bench',
});
const keyOf = ({ stream }: { stream: string }): string => stream;

const positionOf = (n: number): string => (n === 0 ? '' : String(n).padStart(16, '0'));

const events: RecordedEvent[] = Array.from({ length: EVENTS }, (_, n) => ({
  id: randomUUID(),
  type: 'GoodsReceived',
  schemaVersion: 1,
  eventTime: '2026-01-17T09:30:00+01:00',
  data: {
    lot: { item: '09521321000032', lotCode: `Y-${n % 997}` },
    quantity: { value: `${n}.5`, unit: 'KGM' },
    note: 'x'.repeat(300),
  },
  meta: { source: 'urn:dairy:wms', actor: 'system:bench', correlationId: randomUUID() },
  stream: `fact-${n % 997}`,
  revision: 0,
  position: positionOf(n + 1),
  recordTime: '2026-01-17T09:30:00.000Z',
}));

/** A log that holds nothing: what is missing in Kafka would show as an error. */
const emptyLog = {
  readAll: ({ after }: { after?: string }) => Promise.resolve({ events: [], position: after ?? '' }),
  identity: () => Promise.resolve(identity),
} as unknown as EventLog;

const measure = async (name: string, partitions: number, act: () => Promise<void>): Promise<void> => {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await act();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const perEvent = ((user + system) / EVENTS).toFixed(1);
  process.stdout.write(
    `${name.padEnd(22)} ${partitions} partitions  ${Math.round(EVENTS / seconds)
      .toString()
      .padStart(7)} events/s  ${perEvent.padStart(6)} us CPU/event\n`,
  );
};

const publications = (): Publication[] =>
  Array.from({ length: Math.ceil(EVENTS / BATCH) }, (_, i) => ({
    events: events.slice(i * BATCH, (i + 1) * BATCH),
    after: positionOf(i * BATCH),
    position: positionOf(Math.min(EVENTS, (i + 1) * BATCH)),
    log: identity,
  }));

const bareProduce = async (topic: string): Promise<void> => {
  const producer = kafka.client().producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (let from = 0; from < EVENTS; from += BATCH) {
    const messages: Message[] = events.slice(from, from + BATCH).map((event) => {
      const link = { after: '', position: event.position, log: identity, partitions: 1 };
      return encodeRecord(event, event.stream, link);
    });
    await producer.send({ topic, messages, acks: -1 });
  }
  await producer.disconnect();
};

const bareConsume = async (topic: string): Promise<void> => {
  const consumer = kafka.client().consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let seen = 0;
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachBatch: ({ batch }) => {
        for (const { value } of batch.messages) JSON.parse(value?.toString() ?? '');
        seen += batch.messages.length;
        if (seen >= EVENTS) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
};

const admin = kafka.client().admin();
await admin.connect();
for (const partitions of [1, 2, 4]) {
  const prefix = `bench-${randomUUID()}`;
  const bare = `${prefix}.bare`;
  const logTopics = Array.from({ length: TOPICS }, (_, i) => `${prefix}.log-${i}`);
  const deadLetters = `${prefix}.dead`;
  await createTopics(
    admin,
    [bare, ...logTopics, deadLetters].map((topic) => ({ topic, partitions, replicationFactor: 1, configs: {} })),
  );
  const topicOf = ({ stream }: RecordedEvent): [string] => [logTopics[(murmur2(stream) & 0x7fffffff) % TOPICS] ?? bare];
  const publisher = createKafkaPublisher({ kafka, keyOf, logTopics, topicOf });
  await measure('bare producer', partitions, () => bareProduce(bare));
  await measure('publisher of the bus', partitions, async () => {
    for (const publication of publications()) await publisher.publish(publication);
  });
  await publisher.close();
  await measure('bare eachBatch', partitions, () => bareConsume(bare));
  const bus = createKafkaBus({ kafka, log: emptyLog, keyOf, topics: logTopics, deadLetters });
  await measure('consumer of the bus', partitions, async () => {
    const done = new Set<number>();
    const cursor = JSON.stringify(Object.fromEntries(logTopics.map((topic) => [topic, 0])));
    await new Promise<void>((resolve, reject) => {
      void bus.consume({
        group: `${prefix}-g`,
        partitions: allPartitions(partitions),
        startAfter: () => Promise.resolve({ position: '', cursor }),
        onDelivery: ({ partition, position }) => {
          if (position === positionOf(EVENTS)) done.add(partition.index);
          if (done.size === partitions) resolve();
          return Promise.resolve();
        },
        onError: reject,
      });
    });
    await bus.close();
  });
  await admin.deleteTopics({ topics: [bare, ...logTopics, deadLetters] });
}
await admin.disconnect();
