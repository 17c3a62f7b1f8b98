import kafkajs, { type Admin } from 'kafkajs';
import type { Topic } from '#contracts';

export interface ListedTopic {
  topic: string;
  of: Topic;
  /** undefined where the topic is not there. */
  is?: { partitions: number; replication: number; retentionMs: number };
}

/** The topics of the product as the brokers have them. */
export const listTopics = async (
  admin: Admin,
  asked: readonly { topic: string; of: Topic }[],
): Promise<ListedTopic[]> => {
  const there = new Set(await admin.listTopics());
  const found = asked.filter(({ topic }) => there.has(topic)).map(({ topic }) => topic);
  if (found.length === 0) return [...asked];
  const [{ topics }, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: found }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: found.map((name) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms'],
      })),
    }),
  ]);
  return asked.map((one) => {
    const metadata = topics.find(({ name }) => name === one.topic);
    const configs = resources.find(({ resourceName }) => resourceName === one.topic)?.configEntries ?? [];
    if (!metadata) return one;
    return {
      ...one,
      is: {
        partitions: metadata.partitions.length,
        replication: metadata.partitions[0]?.replicas.length ?? 0,
        retentionMs: Number(configs.find(({ configName }) => configName === 'retention.ms')?.configValue),
      },
    };
  });
};

const DAY_MS = 24 * 60 * 60 * 1000;

const keptText = (ms: number): string => (ms < 0 ? 'for ever' : `${Number((ms / DAY_MS).toFixed(2))} days`);

export const listText = (listed: readonly ListedTopic[]): string => {
  const rows = [
    ['TOPIC', 'PARTITIONS', 'REPLICATION', 'KEPT', 'FOR'],
    ...listed.map(({ topic, of, is }) => [
      topic,
      is ? String(is.partitions) : 'missing',
      is ? String(is.replication) : '',
      is ? keptText(is.retentionMs) : '',
      of.purpose,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
