import Type, { type Static } from 'typebox';
import { compileValidator, topics, type Topic } from '#contracts';
import { malformed, type Problem } from '#kernel';

const TopicSettings = Type.Object(
  {
    partitions: Type.Integer({ minimum: 1, maximum: 1000, description: 'a number of partitions' }),
    retentionDays: Type.Integer({ minimum: 1, maximum: 3650, description: 'whole days, 1 to 3650' }),
    // Compaction would keep the last record of each key only, though each of them is another thing that happened.
    cleanup: Type.Enum(['delete']),
    maxMessageBytes: Type.Integer({
      minimum: 1_048_588,
      maximum: 95_000_000,
      description: '1048588 to 95000000 bytes',
    }),
  },
  { additionalProperties: false },
);

const besidesLog = topics.filter(({ direction }) => direction !== 'log');

const TopicsFile = Type.Object(
  {
    /** How many brokers have each record. */
    replication: Type.Integer({ minimum: 1, maximum: 10, description: 'a number of brokers' }),
    /** How many of them must have it before it counts as written. */
    minInsyncReplicas: Type.Integer({ minimum: 1, maximum: 10, description: 'a number of brokers' }),
    /** One for all that carry the log: they are divided alike. */
    logTopics: TopicSettings,
    topics: Type.Object(Object.fromEntries(besidesLog.map(({ name }) => [name, TopicSettings])), {
      additionalProperties: false,
    }),
  },
  { additionalProperties: false },
);

export type TopicSettings = Static<typeof TopicSettings>;
export type TopicsFile = Static<typeof TopicsFile>;

const validate = compileValidator(TopicsFile);

const tooFewReplicas = ({ replication, minInsyncReplicas }: TopicsFile): Problem[] =>
  minInsyncReplicas <= replication
    ? []
    : [
        {
          code: 'out-of-range',
          message: 'more replicas than there are can never be in sync',
          field: '/minInsyncReplicas',
          found: minInsyncReplicas,
          expected: `at most ${replication}, the replication`,
        },
      ];

/** Headers with the reasons come on top. */
const MARGIN = 1_048_576;

const refusedTooSmall = ({ topics: own }: TopicsFile): Problem[] => {
  const [wayIn, refused] = [own['capture.v1'], own['capture.refused.v1']];
  if (!wayIn || !refused || refused.maxMessageBytes >= wayIn.maxMessageBytes + MARGIN) return [];
  return [
    {
      code: 'out-of-range',
      message: 'a refused record is the record that came, and why: it must fit where that one did',
      field: '/topics/capture.refused.v1/maxMessageBytes',
      found: refused.maxMessageBytes,
      expected: `at least ${wayIn.maxMessageBytes + MARGIN}, 1 MiB more than capture.v1`,
    },
  ];
};

/**
 * Reads `deploy/kafka/topics.json`: how an installation wants its topics.
 * @throws LotlineError `bad-topics-file` naming every problem.
 */
export const readTopicsFile = (text: string, name: string): TopicsFile => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed('bad-topics-file', `${name} is not JSON: ${(error as Error).message}`);
  }
  const problems = validate(value);
  const file = value as TopicsFile;
  if (problems.length === 0) problems.push(...tooFewReplicas(file), ...refusedTooSmall(file));
  if (problems.length === 0) return file;
  const lines = problems.map(
    ({ field, message, found, expected }) =>
      `  - ${field}: ${message}${found === undefined ? '' : ` (found ${JSON.stringify(found)})`}${expected === undefined ? '' : `, expected ${expected}`}`,
  );
  throw malformed('bad-topics-file', `${name} is not valid:\n${lines.join('\n')}`, problems);
};

/** What the file says of a topic. */
export const settingsOf = (file: TopicsFile, topic: Topic): TopicSettings => {
  const settings = topic.direction === 'log' ? file.logTopics : file.topics[topic.name];
  if (!settings) throw new Error(`${topic.name} is not in the file, though it was found valid`);
  return settings;
};
