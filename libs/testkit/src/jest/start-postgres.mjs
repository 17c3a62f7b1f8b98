import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../run-ts/register.mjs';

// A test's data need not survive the machine: without fsync a run costs a third of the time.
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
  shared_buffers: '256MB',
};

const start = async () => {
  const { startEmbeddedPostgres } = await import('../../../platform/src/postgres/embedded.ts');
  const directory = await mkdtemp(join(tmpdir(), 'lotline-test-'));
  // As root the server runs as the OS user postgres, who must reach its data.
  await chmod(directory, 0o711);
  const silent = () => undefined;
  const dataDir = join(directory, 'postgres');
  const server = await startEmbeddedPostgres({ dataDir, log: { info: silent, warn: silent }, settings });
  // A run that is told to end takes its server along: `exit` handlers run, which they do not on a signal alone.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  return { server, directory };
};

/**
 * Jest global setup: one PostgreSQL for the whole run, however many projects ask for it. A server named by
 * LOTLINE_TEST_DATABASE_URL (a superuser's URL) is used instead of starting one.
 */
export default async function startPostgres() {
  if (process.env.LOTLINE_TEST_DATABASE_URL !== undefined) return;
  globalThis.lotlineTestPostgres ??= start();
  const { server } = await globalThis.lotlineTestPostgres;
  process.env.LOTLINE_TEST_DATABASE_URL = server.url;
}
