import { eventsOn, type Topic, type TopicDirection, topics } from '#contracts';
import { inboundMessages } from './inbound-messages.js';

/** How `deploy/kafka/topics.json` makes the topics where an installation does not want them otherwise. */
export interface DeliveredTopics {
  replication: number;
  logTopics: DeliveredTopic;
  topics: Readonly<Record<string, DeliveredTopic>>;
}

export interface DeliveredTopic {
  partitions: number;
  retentionDays: number;
  maxMessageBytes: number;
}

const DAY_MS = 86_400_000;

const AT_LEAST_ONCE =
  'At least once: a record may come again, also after later ones. Its `ce_id` is the same: count it once by that; the records that are left are, by key, in the order of the event log.';

const DELIVERY: Readonly<Record<TopicDirection, string>> = {
  log: `${AT_LEAST_ONCE} A record says by \`lotline_after\` what comes before it in its partition over all log topics, and a watermark closes each publication on every partition, so that a reader knows where something is missing. Types and versions that a reader does not know yet may come at any time.`,
  alerts: AT_LEAST_ONCE,
  'way-in':
    'Write with `acks=all`. Sending again is harmless: what has the id of something recorded and the same content is recorded once.',
  refused: 'At least once: the same may be refused again, with the same `lotline_refused_id`.',
  'dead-letters': 'At least once, by each group of workers that met the record.',
};

const ORDER = 'Records of one key stay in order: the key decides the partition as in Kafka’s default partitioner.';

const describe = (topic: Topic): string =>
  [
    topic.purpose,
    `Key: ${topic.key}. ${ORDER}`,
    DELIVERY[topic.direction],
    `Kept for ${topic.retention.days} days or longer, never compacted; ${topic.retention.late}.`,
  ].join('\n\n');

/** The names, within `components/messages`, of what stands on a topic. */
const messagesOn = (topic: Topic): string[] => {
  const events = eventsOn(topic).map(({ type }) => type);
  switch (topic.direction) {
    case 'log':
      return [...events, 'Watermark'];
    case 'alerts':
      return events.flatMap((type) => [`${type}Alert`, `${type}Omitted`]);
    case 'way-in':
      return Object.keys(inboundMessages);
    case 'refused':
      return ['Refused'];
    case 'dead-letters':
      return ['DeadLetter'];
  }
};

const channelOf = (topic: Topic, delivered: DeliveredTopics) => {
  const settings = topic.direction === 'log' ? delivered.logTopics : delivered.topics[topic.name];
  if (!settings) throw new Error(`nothing is said of ${topic.name} in the file of topics`);
  return {
    address: `{prefix}.${topic.name}`,
    title: topic.name,
    description: describe(topic),
    parameters: { prefix: { $ref: '#/components/parameters/prefix' } },
    messages: Object.fromEntries(messagesOn(topic).map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      kafka: {
        partitions: settings.partitions,
        replicas: delivered.replication,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          'retention.ms': settings.retentionDays * DAY_MS,
          'max.message.bytes': settings.maxMessageBytes,
        },
        bindingVersion: '0.5.0',
      },
    },
  };
};

/** Every topic of the product, by its name without the prefix. */
export const channels = (delivered: DeliveredTopics) =>
  Object.fromEntries(topics.map((topic) => [topic.name, channelOf(topic, delivered)]));

const OPERATION: Readonly<Record<TopicDirection, { action: 'send' | 'receive'; verb: string }>> = {
  log: { action: 'send', verb: 'publish' },
  alerts: { action: 'send', verb: 'publish' },
  'way-in': { action: 'receive', verb: 'takeIn' },
  refused: { action: 'send', verb: 'putAside' },
  'dead-letters': { action: 'send', verb: 'putAside' },
};

/** What the product does on each topic: whoever wants what it sends receives there, and the other way round. */
export const operations = () =>
  Object.fromEntries(
    topics.map((topic) => {
      const { action, verb } = OPERATION[topic.direction];
      const name = topic.name
        .replace(/\.v1$/, '')
        .replace(/(^|[.-])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
      return [`${verb}${name}`, { action, channel: { $ref: `#/channels/${topic.name}` }, summary: topic.purpose }];
    }),
  );
