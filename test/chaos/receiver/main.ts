import { createServer } from 'node:http';
import { Kafka, logLevel } from 'kafkajs';
import { EXPIRY_ALERTS_TOPIC, RECALL_ALERTS_TOPIC, type RecordedEvent, topicName } from '#contracts';
import { openLedger } from './open-ledger.js';
import { webhookInbox } from './webhook-inbox.js';

/**
 * A consumer of alerts as distributors run one: it writes each alert into its own ledger, once, before it confirms it to the
 * broker. Killed between the two, it gets the alert again and finds it in the ledger. What comes by webhook it counts in
 * another ledger in the same way.
 */
const { CHAOS_LEDGER: file = '', CHAOS_INBOX: inboxFile = '', CHAOS_SECRETS: secrets = '{}' } = process.env;
const { KAFKA_BROKERS: brokers = '', PREFIX: prefix = '', PORT: port = '' } = process.env;

const ledger = openLedger(file);
const inboxLedger = openLedger(inboxFile);
const inbox = webhookInbox(JSON.parse(secrets) as Record<string, string>, inboxLedger);

const kafka = new Kafka({ clientId: 'chaos-receiver', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({
  groupId: `${prefix}-receiver`,
  sessionTimeout: 6_000,
  heartbeatInterval: 1_000,
  retry: { retries: 1_000, maxRetryTime: 2_000 },
});
await consumer.connect();
await consumer.subscribe({
  topics: [RECALL_ALERTS_TOPIC, EXPIRY_ALERTS_TOPIC].map((topic) => topicName(prefix, topic)),
  fromBeginning: true,
});
let isRunning = false;
consumer.on(consumer.events.GROUP_JOIN, () => (isRunning = true));
await consumer.run({
  eachMessage: ({ message }) => {
    const id = message.headers?.ce_id?.toString() ?? '';
    const type = message.headers?.ce_type?.toString().split('.').at(-1) ?? '';
    if (message.value !== null)
      ledger.count(id, { id, type, data: JSON.parse(message.value.toString()) as RecordedEvent['data'] });
    return Promise.resolve();
  },
});
createServer((request, response) => {
  const answer = (status: number): void => void response.writeHead(status).end();
  if (request.method === 'POST') void inbox(request).then(answer, () => answer(500));
  else answer(isRunning ? 200 : 503);
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => {
  void consumer.disconnect().finally(() => {
    ledger.close();
    inboxLedger.close();
    process.exit(0);
  });
});
