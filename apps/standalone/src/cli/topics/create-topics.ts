import { setTimeout as after } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { createTopics, type TopicDifference } from '#event-bus';
import type { PlannedTopic } from './wanted-topics.js';

export interface TopicOutcome {
  /** As it was made, where it was. */
  topic: PlannedTopic;
  created: boolean;
  /** Where one that was there is not as wanted; nothing is changed by itself. */
  differences: readonly TopicDifference[];
}

/** A broker tells of a topic a moment after it has said that it was made. */
const TOLD_WITHIN_MS = 30_000;

const isNotToldYet = (error: unknown): boolean => (error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION';

const partitionsOf = async (admin: Admin, topic: string): Promise<number> => {
  for (const until = Date.now() + TOLD_WITHIN_MS; ;)
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
    } catch (error) {
      if (!isNotToldYet(error) || Date.now() > until) throw error;
      await after(100);
    }
};

/**
 * Creates what is missing, changes nothing of what is there, and says where that differs. Safe to run twice, and by two at
 * once. Topics that carry the log must be divided alike, so a missing one is made like the first one there is, whatever is
 * wanted; that one decides also for two who want different numbers at the same moment.
 * @returns one outcome a topic, in the order given.
 */
export const createMissingTopics = async (admin: Admin, planned: readonly PlannedTopic[]): Promise<TopicOutcome[]> => {
  const there = new Set(await admin.listTopics());
  const isMissingOfLog = ({ of, topic }: PlannedTopic): boolean => of.direction === 'log' && !there.has(topic);
  const ofLog = planned.filter(({ of }) => of.direction === 'log');
  const decisive = ofLog.find(({ topic }) => there.has(topic)) ?? ofLog[0];
  if (!decisive) throw new Error('there is no topic that carries the log');
  const [decided] = await createTopics(admin, [decisive]);
  const partitions = await partitionsOf(admin, decisive.topic);
  const others = planned
    .filter((topic) => topic !== decisive)
    .map((topic) => (isMissingOfLog(topic) ? { ...topic, partitions } : topic));
  const made = await createTopics(admin, others);
  return planned.map((wanted) => {
    const report = [decided, ...made].find((one) => one?.topic === wanted.topic);
    if (!report) throw new Error(`nothing was said of ${wanted.topic}`);
    const topic = others.find((one) => one.topic === wanted.topic) ?? wanted;
    return { topic, created: report.created, differences: report.differences };
  });
};
