import { randomUUID } from 'node:crypto';
import { createPostgresEventLog, type EventLog, eventLogMigrations } from '#event-log';
import { createTestDatabase } from '#testkit';
import {
  allPartitions,
  type ConsumeOptions,
  type Delivery,
  type EventBus,
  type EventPublisher,
  type Place,
} from '../port.js';
import { followAndPublish, type TestRelay } from './follow-and-publish.fixture.js';
import { createKafkaBus } from './kafka-bus.js';
import type { KafkaOptions } from './kafka-connection.js';
import { createKafkaPublisher } from './kafka-publisher.js';
import { createKafkaTopics, type TestTopics } from './topics.fixture.js';

export const PARTITIONS = 3;
export const SESSION_MS = 6_000;

/** A log, topics, a publisher between them, and members of one group that share a fenced store. */
export interface Stage {
  log: EventLog;
  topics: TestTopics;
  publisher: EventPublisher;
  relay: TestRelay;
  store: Store;
  newBus(): EventBus;
  /** @returns ids in log order and the last position. */
  append(count: number): Promise<{ ids: string[]; position: string }>;
  dispose(): Promise<void>;
}

/** What a group has done, as its database would hold it: effects and checkpoint move together or not at all. */
export interface Store {
  group: string;
  places: Map<number, Place>;
  /** In the order of their commit. */
  effects: { partition: number; id: string; position: string; member: string }[];
  deliveries: Delivery[];
  errors: unknown[];
  options(member: string, more?: Partial<ConsumeOptions>): ConsumeOptions;
  until(condition: () => boolean): Promise<void>;
  /** Every partition stands there or further. */
  reached(position: string): Promise<void>;
  ids(): string[];
}

const createStore = (): Store => {
  const waiting = new Set<() => void>();
  const moved = (): void => {
    for (const check of waiting) check();
  };
  const store: Store = {
    group: `g-${randomUUID()}`,
    places: new Map(),
    effects: [],
    deliveries: [],
    errors: [],
    options(member, more = {}) {
      const standing = new Map<number, string>();
      return {
        group: store.group,
        partitions: allPartitions(PARTITIONS),
        startAfter: ({ index }) => {
          const place = store.places.get(index);
          standing.set(index, place?.position ?? '');
          return Promise.resolve(place);
        },
        ...more,
        async onDelivery(delivery) {
          await more.onDelivery?.(delivery);
          const { index } = delivery.partition;
          if ((store.places.get(index)?.position ?? '') !== standing.get(index)) throw new Error('fenced');
          for (const { id, position } of delivery.events)
            store.effects.push({ partition: index, id, position, member });
          store.places.set(index, { position: delivery.position, cursor: delivery.cursor });
          store.deliveries.push(delivery);
          standing.set(index, delivery.position);
          moved();
        },
        onError: (error) => {
          store.errors.push(error);
          moved();
        },
      };
    },
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    reached: (position) =>
      store.until(() =>
        allPartitions(PARTITIONS).every(({ index }) => (store.places.get(index)?.position ?? '') >= position),
      ),
    ids: () => store.effects.map(({ id }) => id),
  };
  return store;
};

export const createStage = async (kafkaOptions: Partial<KafkaOptions> = {}): Promise<Stage> => {
  const [db, topics] = await Promise.all([
    createTestDatabase({ migrations: eventLogMigrations }),
    createKafkaTopics(PARTITIONS, 2, kafkaOptions),
  ]);
  const log = createPostgresEventLog({ connectionString: db.url });
  const { logTopics, deadLetters, topicOf, kafka, plain } = topics;
  const keyOf = ({ stream }: { stream: string }): string => stream;
  const publisher = createKafkaPublisher({ kafka: plain, keyOf, logTopics, topicOf });
  const relay = await followAndPublish(log, publisher);
  const buses: EventBus[] = [];
  let appended = 0;
  return {
    log,
    topics,
    publisher,
    relay,
    store: createStore(),
    newBus() {
      const retry = { firstMs: 5, longestMs: 50 };
      const bus = createKafkaBus({
        kafka,
        log,
        keyOf,
        topics: logTopics,
        deadLetters,
        sessionTimeoutMs: SESSION_MS,
        retry,
      });
      buses.push(bus);
      return bus;
    },
    async append(count) {
      const results = await log.append(
        Array.from({ length: count }, () => ({
          stream: `s-${appended++ % 11}`,
          expected: 'any' as const,
          events: [
            {
              id: randomUUID(),
              type: 'Counted',
              schemaVersion: 1,
              eventTime: '2026-01-01T00:00:00Z',
              data: { n: appended },
              meta: { source: 'test', actor: 'test', correlationId: 'test' },
            },
          ],
        })),
      );
      const recorded = results.flatMap((result) => (result.ok ? result.recorded : []));
      recorded.sort((a, b) => (a.position < b.position ? -1 : 1));
      return { ids: recorded.map(({ id }) => id), position: recorded.at(-1)?.position ?? '' };
    },
    async dispose() {
      await Promise.all(buses.map((bus) => bus.close()));
      await relay.stop();
      await publisher.close();
      await log.close();
      await Promise.all([db.drop(), topics.drop()]);
    },
  };
};
