// Writes each recall notice and expiry alert of Lotline into a file, once: KAFKA_BROKERS=host:9092 node alert-subscriber.mjs FILE
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';

const { KAFKA_BROKERS = 'localhost:9092', TOPIC_PREFIX = 'lotline', GROUP = 'alert-subscriber' } = process.env;
const file = process.argv[2] ?? 'alerts.jsonl';

// What is in the file is counted, whatever comes again. Half a line is what a crash left: its alert was not confirmed.
const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
const complete = kept.slice(0, kept.lastIndexOf('\n') + 1);
writeFileSync(file, complete);
const counted = new Set(complete.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).id])));

const kafka = new Kafka({ clientId: GROUP, brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: GROUP, sessionTimeout: 10_000 });
await consumer.connect();
await consumer.subscribe({
  topics: [`${TOPIC_PREFIX}.recalls.alerts.v1`, `${TOPIC_PREFIX}.expiry.alerts.v1`],
  // Where the group has confirmed nothing yet. Otherwise it goes on behind what it has confirmed.
  fromBeginning: true,
});
await consumer.run({
  // Confirmed to the broker once this has returned; a throw brings the same message again.
  eachMessage: async ({ message }) => {
    const header = (name) => message.headers?.[name]?.toString();
    const id = header('ce_id');
    if (id === undefined || counted.has(id)) return;
    const alert = {
      id,
      type: header('ce_type'),
      subject: header('ce_subject'),
      time: header('ce_time'),
      // No value: the alert is too large for a record (header lotline_omitted); the API has it.
      data: message.value === null ? undefined : JSON.parse(message.value.toString()),
    };
    appendFileSync(file, `${JSON.stringify(alert)}\n`, { flush: true });
    counted.add(id);
  },
});

const stop = () => consumer.disconnect();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
