import { consumeRecords, createKafkaConnection, createRecordProducer } from '#event-bus';
import { createPostgresEventLog } from '#event-log';
import { captureRecords } from '../../apps/capture/src/features/capture-records/capture-records.js';

// A capture worker that dies when the log has its records and before they are confirmed: `… URL BROKERS PREFIX APPENDS`.
const [url = '', brokers = '', prefix = '', appends = ''] = process.argv.slice(2);
const kafka = createKafkaConnection({ brokers: [brokers], clientId: 'dying' });
const producer = createRecordProducer({ kafka });
const log = createPostgresEventLog({ connectionString: url });
let left = Number(appends);
await consumeRecords({
  ...{ kafka, group: `${prefix}.capture`, topics: [`${prefix}.capture.v1`], sessionTimeoutMs: 6_000, batchSize: 10 },
  onRecords: async (inbound) => {
    await captureRecords(
      {
        log: {
          ...log,
          append: async (wanted) => {
            const results = await log.append(wanted);
            left -= 1;
            if (left === 0) process.kill(process.pid, 'SIGKILL');
            return results;
          },
        },
        records: {
          send: (records) =>
            producer.send(records.map((record) => ({ ...record, topic: `${prefix}.${record.topic}` }))),
        },
        onDefect: (error) => {
          throw error;
        },
      },
      inbound,
    );
  },
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
