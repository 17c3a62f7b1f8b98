import { createPostgresJobs } from '#jobs';
import pg from 'pg';
import { createWebhooks } from './index.js';

// A process that sends what is due until it is killed: `node … DATABASE_URL KEY`.
const [databaseUrl = '', key = ''] = process.argv.slice(2);
const webhooks = createWebhooks({
  context: 'recalls',
  pool: new pg.Pool({ connectionString: databaseUrl }),
  log: { head: () => Promise.reject(new Error('it makes no endpoints')) },
  jobs: createPostgresJobs({ databaseUrl, silenceMs: 2_000 }),
  key: Buffer.from(key, 'base64'),
  ...{ allowPrivate: true, timeoutMs: 2_000 },
});
await webhooks.sender?.start();
await webhooks.sender?.sweep();
process.stdout.write('sending\n');
