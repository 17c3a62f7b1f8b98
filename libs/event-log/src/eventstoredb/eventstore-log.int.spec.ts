import { eventStoreForTests } from '#testkit';
import { describeEventLog } from '../contract/event-log-contract.js';
import type { EventLog } from '../port.js';
import { createEventStoreLog } from './index.js';

const isGiven = process.env.LOTLINE_TEST_EVENTSTORE_URL !== undefined;

describeEventLog(
  isGiven ? 'EventStoreDB' : 'the test server of EventStoreDB',
  async () => {
    const store = await eventStoreForTests();
    const opened: EventLog[] = [];
    return {
      open: () => {
        const log = createEventStoreLog({ connectionString: store.connectionString, name: store.name });
        opened.push(log);
        return log;
      },
      disturb: () => Promise.resolve(store.server?.dropConnections()),
      dispose: async () => {
        await Promise.all(opened.map((log) => log.close()));
        await store.close();
      },
    };
  },
  {
    promises: {
      ordersCalls: false,
      endsAtHead: false,
      recordTimesNeverGoBack: false,
      largestAppend: 2_000,
      largestCall: 1_000,
    },
    disturbs: !isGiven,
  },
);
