import { createKafkaBus, createKafkaPublisher, createLagReader, type EventBus } from '#event-bus';
import { DEAD_LETTERS_TOPIC, alertTopicOf, logTopics, topicName, topicOf, type Topic } from '#contracts';
import type { Distribution } from '../distribution.js';
import { keyOf } from '../key-of.js';
import type { DistributionOptions } from '../open-distribution.js';
import { orUnavailable } from '../unavailable.js';
import { openKafkaConnection } from './open-kafka-connection.js';
import { openKafkaRecords } from './open-kafka-records.js';
import { pingKafka } from './ping-kafka.js';

/** By the topics of an installation: a log topic for each context, alerts, the way in and what was refused. */
export const openKafkaDistribution = ({ config, log, logger, name }: DistributionOptions): Distribution => {
  const kafka = openKafkaConnection(config, logger, name);
  const named = (topic: Topic): string => topicName(config.topicPrefix, topic);
  const topics = logTopics.map(named);
  /** Group to topics. */
  const groups = new Map<string, readonly string[]>();
  const own = createKafkaBus({
    kafka,
    log,
    keyOf,
    topics,
    deadLetters: named(DEAD_LETTERS_TOPIC),
    sessionTimeoutMs: config.kafkaSessionTimeoutMs,
  });
  const bus: EventBus = {
    ...own,
    partitions: () => orUnavailable('the topics of the log cannot be read', own.partitions()),
    consume: (options) => {
      const group = `${config.topicPrefix}.${options.group}`;
      groups.set(group, topics);
      return orUnavailable('the topics of the log cannot be consumed', own.consume({ ...options, group }));
    },
  };
  const publisher = createKafkaPublisher({
    kafka,
    keyOf,
    logTopics: topics,
    topicOf: (event) => {
      const alerts = alertTopicOf(event);
      return [named(topicOf(event)), ...(alerts ? [named(alerts)] : [])];
    },
    log: (level, message, details) => logger[level](details, message),
  });
  const records = openKafkaRecords(kafka, config, logger, (group, topic) => groups.set(group, [topic]));
  const lags = createLagReader(kafka);
  return {
    bus,
    publisher,
    records,
    lag: () => lags.read([...groups].map(([group, consumed]) => ({ group, topics: consumed }))),
    probes: { broker: pingKafka(kafka) },
    close: async () => {
      await bus.close();
      await publisher.close();
      await records.close();
      await lags.close();
    },
  };
};
