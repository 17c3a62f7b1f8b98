import { createPostgresEventLog } from '#event-log';
import pg from 'pg';
import { raiseAlerts } from './raise-alerts.js';

// A process that raises alerts, and never gets to hear that the log has them: `node … URL NOW PAGE_SIZE`.
const [url = '', now = '', pageSize = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url });
const log = createPostgresEventLog({ pool });
await raiseAlerts({
  pool,
  ...{ leads: [30, 7, 1, 0], timeZone: 'UTC', ours: [], pageSize: Number(pageSize) },
  clock: () => new Date(now),
  projections: { waitFor: (_, position) => Promise.resolve({ reached: true, position }) },
  log: {
    ...log,
    append: async (appends) => {
      await log.append(appends);
      process.stdout.write(`appended ${appends.length}\n`);
      return new Promise(() => setInterval(() => undefined, 1_000));
    },
  },
});
