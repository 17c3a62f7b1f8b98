import { setTimeout as after } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';

/** A topic as an installation wants it. */
export interface WantedTopic {
  /** Full name. */
  topic: string;
  partitions: number;
  replicationFactor: number;
  /** Kafka's own names and values: `retention.ms`, `cleanup.policy`… */
  configs: Readonly<Record<string, string>>;
}

export interface TopicDifference {
  /** `partitions`, `replication`, or the name of a config. */
  what: string;
  wanted: string;
  is: string;
}

export interface TopicReport {
  topic: string;
  created: boolean;
  /** Where a topic that was there differs; nothing is changed by itself. */
  differences: readonly TopicDifference[];
}

const difference = (what: string, wanted: string, is: string): TopicDifference[] =>
  wanted === is ? [] : [{ what, wanted, is }];

const KNOWN_WITHIN_MS = 30_000;

const NOT_YET: readonly unknown[] = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

/**
 * A broker may not have heard for a moment of a topic that the controller has made. Waiting for leaders, kafkajs takes that
 * for a failure of the creation.
 */
const onceKnown = async <T>(work: () => Promise<T>): Promise<T> => {
  const until = Date.now() + KNOWN_WITHIN_MS;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!isNotYet(error) || Date.now() > until) throw error;
      await after(100);
    }
};

/** Where every broker that is asked refuses, kafkajs loses their answer and stumbles over the lack of one (a TypeError). */
const isNotYet = (error: unknown): boolean =>
  error instanceof TypeError || NOT_YET.includes((error as { type?: unknown }).type);

const differencesOf = async (admin: Admin, wanted: readonly WantedTopic[]): Promise<TopicReport[]> => {
  if (wanted.length === 0) return [];
  const [{ topics }, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: wanted.map(({ topic, configs }) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: topic,
        configNames: Object.keys(configs),
      })),
    }),
  ]);
  return wanted.map(({ topic, partitions, replicationFactor, configs }) => {
    const are = topics.find(({ name }) => name === topic)?.partitions ?? [];
    const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
    const valueOf = (name: string): string => entries.find(({ configName }) => configName === name)?.configValue ?? '';
    return {
      topic,
      created: false,
      differences: [
        ...difference('partitions', String(partitions), String(are.length)),
        ...difference('replication', String(replicationFactor), String(are[0]?.replicas.length ?? 0)),
        ...Object.entries(configs).flatMap(([name, value]) => difference(name, value, valueOf(name))),
      ],
    };
  });
};

/**
 * Creates what is missing and reports what differs of what was there. Safe to run twice, and by two at once.
 * @returns a report a topic, in the order given.
 * @throws what the broker says of a topic that it cannot create.
 */
export const createTopics = async (admin: Admin, wanted: readonly WantedTopic[]): Promise<TopicReport[]> => {
  const created = new Set<string>();
  // A topic that is being deleted may still be listed: what turns out to be unknown is looked for, and created, again.
  const compared = await onceKnown(async () => {
    await createMissing(admin, wanted, created);
    return differencesOf(
      admin,
      wanted.filter(({ topic }) => !created.has(topic)),
    );
  });
  return wanted.map(
    ({ topic }) => compared.find((report) => report.topic === topic) ?? { topic, created: true, differences: [] },
  );
};

/** @param created what was, here. */
const createMissing = async (admin: Admin, wanted: readonly WantedTopic[], created: Set<string>): Promise<void> => {
  const there = new Set(await admin.listTopics());
  const missing = wanted.filter(({ topic }) => !there.has(topic));
  // One request a topic, so that one which another has just created keeps none of the others back.
  for (const { topic, partitions, replicationFactor, configs } of missing) {
    const isNew = await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor,
          configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    if (isNew) created.add(topic);
  }
  // Also those that somebody else has created meanwhile.
  if (missing.length > 0)
    await onceKnown(() => admin.fetchTopicMetadata({ topics: missing.map(({ topic }) => topic) }));
};
