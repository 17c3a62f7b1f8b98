import { allEvents } from '../catalogue/all-events.js';
import type { Context, EventDefinition } from '../define-event.js';
import { NoticeIssued } from '../recalls/index.js';
import type { Topic } from './topic.js';
import {
  EXPIRY_ALERTS_TOPIC,
  FACTS_TOPIC,
  INVENTORY_TOPIC,
  OPERATIONS_TOPIC,
  PRODUCTION_TOPIC,
  RECALL_ALERTS_TOPIC,
  RECALLS_TOPIC,
  SHIPPING_TOPIC,
} from './topics.js';

const TOPIC_OF_CONTEXT: Partial<Record<Context, Topic>> = {
  capture: FACTS_TOPIC,
  production: PRODUCTION_TOPIC,
  inventory: INVENTORY_TOPIC,
  shipping: SHIPPING_TOPIC,
  recalls: RECALLS_TOPIC,
};

const TOPIC_OF_TYPE: ReadonlyMap<string, Topic> = new Map(
  allEvents.map(({ type, context }) => [type, TOPIC_OF_CONTEXT[context] ?? OPERATIONS_TOPIC]),
);

const ALERT_TOPIC_OF_TYPE: ReadonlyMap<string, Topic> = new Map([
  [NoticeIssued.type, RECALL_ALERTS_TOPIC],
  ['ExpiryAlertRaised', EXPIRY_ALERTS_TOPIC],
]);

/**
 * @returns the log topic of an event: that of the context which owns its type; `operations.v1` for contexts without a topic
 *   of their own and for types that this release does not know.
 */
export const topicOf = (event: { type: string }): Topic => TOPIC_OF_TYPE.get(event.type) ?? OPERATIONS_TOPIC;

/** @returns where an event goes besides its log topic, because others wait to be told of it. */
export const alertTopicOf = (event: { type: string }): Topic | undefined => ALERT_TOPIC_OF_TYPE.get(event.type);

/** @returns the events a log or alert topic carries; for other topics none. */
export const eventsOn = (topic: Topic): readonly EventDefinition[] =>
  allEvents.filter((event) => topicOf(event) === topic || alertTopicOf(event) === topic);
