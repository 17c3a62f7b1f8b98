import { topicName, topics, type Topic } from '#contracts';
import type { WantedTopic } from '#event-bus';
import { settingsOf, type TopicsFile } from './topics-file.js';

export interface Choices {
  prefix: string;
  /** In place of what the file says, for every topic. */
  partitions?: number | undefined;
  replication?: number | undefined;
}

/** A topic of the catalogue as an installation wants it. */
export interface PlannedTopic extends WantedTopic {
  of: Topic;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every topic of the product, as file and choices want it; those of the log first. */
export const wantedTopics = (file: TopicsFile, { prefix, partitions, replication }: Choices): PlannedTopic[] => {
  const replicationFactor = replication ?? file.replication;
  return topics.map((topic) => {
    const settings = settingsOf(file, topic);
    return {
      of: topic,
      topic: topicName(prefix, topic),
      partitions: partitions ?? settings.partitions,
      replicationFactor,
      configs: {
        'cleanup.policy': settings.cleanup,
        'retention.ms': String(settings.retentionDays * DAY_MS),
        'max.message.bytes': String(settings.maxMessageBytes),
        'min.insync.replicas': String(Math.min(file.minInsyncReplicas, replicationFactor)),
        // A record counts from when the broker got it: one that says it is of last year must not be thrown away at once.
        'message.timestamp.type': 'LogAppendTime',
        // Whatever codec others compress with, the broker stores their records plain: a codec that the reader lacks would stop
        // a partition, and what was small only while compressed would not fit where refused records go.
        ...(topic.direction === 'way-in' && { 'compression.type': 'uncompressed' }),
      },
    };
  });
};
