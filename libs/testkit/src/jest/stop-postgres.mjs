import { rm } from 'node:fs/promises';

/** Jest global teardown: stops what start-postgres.mjs started, once. */
export default async function stopPostgres() {
  const started = globalThis.lotlineTestPostgres;
  if (started === undefined) return;
  globalThis.lotlineTestPostgres = undefined;
  delete process.env.LOTLINE_TEST_DATABASE_URL;
  const { server, directory } = await started;
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
