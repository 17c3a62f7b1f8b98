import { eventsOn, logTopics, topics } from '#contracts';
import { alertMessage, logMessage, omittedMessage, watermarkMessage } from './event-messages.js';
import { channels, type DeliveredTopics, operations } from './channels.js';
import {
  BinaryHeaders,
  ChainHeaders,
  DeadLetterHeaders,
  EventHeaders,
  InboundHeaders,
  OmittedHeaders,
  RefusedHeaders,
  WatermarkHeaders,
} from './header-schemas.js';
import { inboundMessages, reportedFacts } from './inbound-messages.js';
import { publishedSchema } from './published-schema.js';

const ON_LOG = logTopics.flatMap(eventsOn);
const ALERTS = topics.filter(({ direction }) => direction === 'alerts').flatMap(eventsOn);

const ABOUT = [
  'What Lotline writes to Kafka and what it reads there, in the cluster profile. Operations are seen from the product: what it *sends* others receive.',
  'Events travel as CloudEvents 1.0 in the binary mode of the Kafka protocol binding: attributes are headers, the value is the data as JSON. Numbers stand as they were reported: those that a double cannot hold need a reader that keeps them.',
  'Whoever wants to be told of recalls and expiry reads the alert topics; how, and how to count each alert once, is described in docs/subscribing.md. Fields of every event are in docs/events.md.',
].join('\n\n');

const named = <T>(things: readonly T[], nameOf: (thing: T) => string, valueOf: (thing: T) => object) =>
  Object.fromEntries(things.map((thing) => [nameOf(thing), valueOf(thing)]));

/**
 * All that the product writes to Kafka and reads there, as AsyncAPI 3.
 * @param delivered the topics as they are made by default.
 * @param version of the product.
 */
export const asyncapiDocument = (delivered: DeliveredTopics, version: string) => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Lotline',
    version,
    description: ABOUT,
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: 'application/json',
  servers: {
    kafka: {
      host: '{brokers}',
      protocol: 'kafka',
      description: 'The brokers of the installation (`KAFKA_BROKERS`), plain or by TLS and SASL as it is set up.',
      variables: { brokers: { default: 'localhost:9092', description: '`host:port` of any of the brokers.' } },
    },
  },
  channels: channels(delivered),
  operations: operations(),
  components: {
    parameters: { prefix: { default: 'lotline', description: 'The installation’s (`LOTLINE_TOPIC_PREFIX`).' } },
    messages: {
      ...named(ON_LOG, ({ type }) => type, logMessage),
      Watermark: watermarkMessage,
      ...named(ALERTS, ({ type }) => `${type}Alert`, alertMessage),
      ...named(ALERTS, ({ type }) => `${type}Omitted`, omittedMessage),
      ...Object.fromEntries(
        Object.entries(inboundMessages).map(([name, { payload, ...message }]) => [
          name,
          { ...message, payload: publishedSchema(payload) },
        ]),
      ),
      Refused: {
        name: 'Refused',
        summary:
          'A record of the way in, or one event of it, that was not taken: verbatim, with the reasons in headers.',
        headers: { type: 'object', allOf: [{ $ref: '#/components/schemas/RefusedHeaders' }] },
        payload: { description: 'The value as it came; of an event of a document, that event.' },
      },
      DeadLetter: {
        name: 'DeadLetter',
        summary: 'A record of a log topic that no worker could decode.',
        headers: { type: 'object', allOf: [{ $ref: '#/components/schemas/DeadLetterHeaders' }] },
        payload: { description: 'The value as it came.' },
      },
    },
    schemas: {
      EventHeaders: publishedSchema(EventHeaders),
      ChainHeaders: publishedSchema(ChainHeaders),
      WatermarkHeaders: publishedSchema(WatermarkHeaders),
      OmittedHeaders: publishedSchema(OmittedHeaders),
      InboundHeaders: publishedSchema(InboundHeaders),
      BinaryHeaders: publishedSchema(BinaryHeaders),
      RefusedHeaders: publishedSchema(RefusedHeaders),
      DeadLetterHeaders: publishedSchema(DeadLetterHeaders),
      ...publishedSchema(reportedFacts),
      ...named(
        ON_LOG,
        ({ type }) => type,
        ({ summary, data }) => ({ description: summary, ...publishedSchema(data) }),
      ),
    },
  },
});
