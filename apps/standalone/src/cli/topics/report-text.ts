import type { TopicDifference } from '#event-bus';
import type { TopicOutcome } from './create-topics.js';
import type { PlannedTopic } from './wanted-topics.js';

/** What an operator can do about a difference. Nothing of it is done by itself. */
const remedy = ({ topic, of }: PlannedTopic, { what, wanted, is }: TopicDifference): string => {
  if (what === 'partitions') {
    if (of.direction === 'log')
      return 'topics of the log cannot be divided anew in place: choose another LOTLINE_TOPIC_PREFIX, run "topics create", restart all processes';
    return Number(wanted) < Number(is)
      ? 'Kafka takes no partitions away'
      : `kafka-topics.sh --alter --topic ${topic} --partitions ${wanted}`;
  }
  if (what === 'replication') return 'kafka-reassign-partitions.sh';
  return `kafka-configs.sh --alter --topic ${topic} --add-config ${what}=${wanted}`;
};

/** What was created, and where what was there differs, with how to change it. */
export const reportText = (outcomes: readonly TopicOutcome[]): string =>
  outcomes
    .flatMap(({ topic, created, differences }) => {
      if (created) return [`created  ${topic.topic} (${topic.partitions} partitions)`];
      if (differences.length === 0) return [`there    ${topic.topic}`];
      return [
        `differs  ${topic.topic}`,
        ...differences.map((d) => `           ${d.what} is ${d.is}, wanted is ${d.wanted}: ${remedy(topic, d)}`),
      ];
    })
    .join('\n');
