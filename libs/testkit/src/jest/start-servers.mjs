import '../run-ts/register.mjs';
import startPostgres from './start-postgres.mjs';

const startBrokers = async () => {
  const { findBrokers } = await import('./brokers.ts');
  try {
    return await findBrokers();
  } catch (error) {
    // Where everything has to be proven, a missing server is a failure.
    if (process.env.CI === 'true') throw error;
    process.stderr.write(
      `\nThe cluster suites are skipped: ${error.message}. Or use Docker, or name servers by LOTLINE_TEST_KAFKA (host:port) and LOTLINE_TEST_REDIS (redis://…).\n`,
    );
    return undefined;
  }
};

/** Jest global setup: PostgreSQL as for the other kinds, and one Kafka and one Redis for the whole run. */
export default async function startServers() {
  await startPostgres();
  globalThis.lotlineTestBrokers ??= startBrokers();
  const brokers = await globalThis.lotlineTestBrokers;
  if (brokers === undefined) return;
  process.env.LOTLINE_TEST_KAFKA = brokers.kafka;
  process.env.LOTLINE_TEST_REDIS = brokers.redis;
}
