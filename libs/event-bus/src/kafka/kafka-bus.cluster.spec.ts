import { describeEventBus } from '../contract/event-bus-contract.js';
import { followAndPublish } from './follow-and-publish.fixture.js';
import { createKafkaTopics } from './topics.fixture.js';
import { createPostgresEventLog, eventLogMigrations } from '#event-log';
import { createTestDatabase } from '#testkit';
import { createKafkaBus } from './kafka-bus.js';
import { createKafkaPublisher } from './kafka-publisher.js';

const PARTITIONS = 4;

describeEventBus('Kafka', async () => {
  const [db, topics] = await Promise.all([
    createTestDatabase({ migrations: eventLogMigrations }),
    createKafkaTopics(PARTITIONS),
  ]);
  const log = createPostgresEventLog({ connectionString: db.url });
  const { kafka, logTopics, deadLetters, topicOf } = topics;
  const keyOf = ({ stream }: { stream: string }): string => stream;
  const publisher = createKafkaPublisher({ kafka, keyOf, logTopics, topicOf });
  const relay = await followAndPublish(log, publisher);
  const bus = createKafkaBus({
    kafka,
    log,
    keyOf,
    topics: logTopics,
    deadLetters,
    sessionTimeoutMs: 6_000,
    retry: { firstMs: 2, longestMs: 20 },
  });
  return {
    bus,
    log,
    partitions: PARTITIONS,
    async dispose() {
      await bus.close();
      await relay.stop();
      await publisher.close();
      await log.close();
      await Promise.all([db.drop(), topics.drop()]);
    },
  };
});
