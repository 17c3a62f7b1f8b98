import pg from 'pg';
import { startEmbeddedPostgres } from '../embedded.js';

/** Owns a data directory as the application does: `owner.fixture.ts DIR`; a line on standard input stops it orderly. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log: { info: say, warn: say } });
const client = new pg.Client({ connectionString: server.url });
client.on('error', () => undefined);
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS kept (by_pid int)');
await client.query('INSERT INTO kept VALUES ($1)', [process.pid]);
say(`ready ${server.url}`);
process.stdin.once('data', () => {
  void client
    .end()
    .then(() => server.stop())
    .then(() => process.exit(0));
});
