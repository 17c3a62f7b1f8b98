import stopPostgres from './stop-postgres.mjs';

/** Jest global teardown: stops what start-servers.mjs started, once. */
export default async function stopServers() {
  const brokers = await globalThis.lotlineTestBrokers;
  globalThis.lotlineTestBrokers = undefined;
  await Promise.all([stopPostgres(), brokers?.stop()]);
}
