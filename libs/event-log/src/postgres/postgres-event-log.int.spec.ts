import { createTestDatabase } from '#testkit';
import { describeEventLog } from '../contract/event-log-contract.js';
import type { EventLog } from '../port.js';
import { createPostgresEventLog, eventLogMigrations } from './index.js';

describeEventLog(
  'PostgreSQL',
  async () => {
    const database = await createTestDatabase({ migrations: eventLogMigrations });
    const opened: EventLog[] = [];
    return {
      open: () => {
        const log = createPostgresEventLog({ connectionString: database.url });
        opened.push(log);
        return log;
      },
      disturb: async () => {
        await database.pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'lotline-log-%'`,
        );
      },
      dispose: async () => {
        await Promise.all(opened.map((log) => log.close()));
        await database.drop();
      },
    };
  },
  {
    promises: {
      ordersCalls: true,
      endsAtHead: true,
      recordTimesNeverGoBack: true,
      largestAppend: 7_000,
      largestCall: 7_000,
    },
  },
);
