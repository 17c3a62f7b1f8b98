import type { Topic } from './topic.js';

const topic = (own: Omit<Topic, 'cleanup'>): Topic => ({ ...own, cleanup: 'delete' });

const logTopic = (name: string, purpose: string, key = 'the stream'): Topic =>
  topic({
    name,
    direction: 'log',
    purpose,
    key,
    retention: { days: 7, late: 'a worker that comes later catches up from the event log by itself' },
  });

export const PRODUCTION_TOPIC = logTopic('production.v1', 'Items, production runs and transformations, as decided.');
export const INVENTORY_TOPIC = logTopic('inventory.v1', 'Lots, their quality and the stock books, as decided.');
export const SHIPPING_TOPIC = logTopic('shipping.v1', 'Shipments, packing, dispatch and returns, as decided.');
export const RECALLS_TOPIC = logTopic('recalls.v1', 'Recall cases: suspects, scope, notices and answers.');
export const FACTS_TOPIC = logTopic(
  'facts.v1',
  'What was reported to have happened: EPCIS events, native facts and master data.',
  'the first lot of the fact (else its first unit, else the stream)',
);
export const OPERATIONS_TOPIC = logTopic('operations.v1', 'Everything else: what operators and clocks decided.');

export const CAPTURE_TOPIC = topic({
  name: 'capture.v1',
  direction: 'way-in',
  purpose: 'What upstream systems report: one EPCIS event, one EPCIS document or one CloudEvent a record.',
  key: "the reporter's choice; records of one key are taken in order",
  retention: { days: 14, late: 'what expires before capture has read it is lost: alarm on the lag' },
});
export const REFUSED_TOPIC = topic({
  name: 'capture.refused.v1',
  direction: 'refused',
  purpose: 'Records of the way in, or single events of them, that were not taken: verbatim, the reasons in headers.',
  key: 'as it came',
  retention: { days: 30, late: 'what nobody has looked at by then is gone' },
});
export const RECALL_ALERTS_TOPIC = topic({
  name: 'recalls.alerts.v1',
  direction: 'alerts',
  purpose: 'Recall notices to consignees.',
  key: 'the stream of the recall case',
  retention: { days: 90, late: 'older notices are read by the API' },
});
export const EXPIRY_ALERTS_TOPIC = topic({
  name: 'expiry.alerts.v1',
  direction: 'alerts',
  purpose: 'Lots that are about to pass, or have passed, one of their dates.',
  key: 'the stream of the alert',
  retention: { days: 90, late: 'older alerts are read by the API' },
});
export const DEAD_LETTERS_TOPIC = topic({
  name: 'dead-letters.v1',
  direction: 'dead-letters',
  purpose: 'Records of the log topics that no worker could decode: verbatim, the reason in headers.',
  key: 'as it came',
  retention: { days: 30, late: 'the event itself stays in the event log' },
});

/** Those that carry the event log, one for each context; all have the same number of partitions. */
export const logTopics: readonly Topic[] = [
  PRODUCTION_TOPIC,
  INVENTORY_TOPIC,
  SHIPPING_TOPIC,
  RECALLS_TOPIC,
  FACTS_TOPIC,
  OPERATIONS_TOPIC,
];

/** Every topic of the product. */
export const topics: readonly Topic[] = [
  ...logTopics,
  CAPTURE_TOPIC,
  REFUSED_TOPIC,
  RECALL_ALERTS_TOPIC,
  EXPIRY_ALERTS_TOPIC,
  DEAD_LETTERS_TOPIC,
];
