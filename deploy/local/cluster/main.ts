import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { onStopSignals } from '../../../libs/platform/src/bootstrap/stop-signals.js';
import { kafkaLacks } from '../kafka/jars.js';
import { startKafka } from '../kafka.js';
import type { ManagedProcess } from '../managed-process.js';
import { startPostgres } from '../postgres.js';
import { redisLacks, startRedis } from '../redis.js';
import { APPS } from './apps.js';
import { keepAlive } from './keep-alive.js';
import { type Cluster, startCluster } from './start-cluster.js';

interface Wanted {
  port: number;
  workers: number;
  directory: string;
}

/** What was opened, to be closed the other way round. */
const closers: (() => Promise<void> | void)[] = [];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const keep = (one: ManagedProcess): void => void closers.push(keepAlive(one, say));

const openServers = async (directory: string): Promise<{ databaseUrl: string; brokers: string; redisUrl: string }> => {
  const lacking = (await Promise.all([kafkaLacks(), redisLacks()])).filter((line) => line !== undefined);
  if (lacking.length > 0) throw new Error(lacking.join('\n'));
  say('Starting PostgreSQL, Kafka and Redis; the first time Maven fetches Kafka.');
  // A dozen processes with their pools, and operators.
  const settings = { max_connections: '400' };
  const [postgres, kafka, redis] = await Promise.all([
    startPostgres({ directory, settings, log: { info: () => undefined, warn: say } }).then(closing),
    startKafka({ directory: join(directory, 'kafka') }).then(closing),
    startRedis({ directory: join(directory, 'redis') }).then(closing),
  ]);
  keep(kafka);
  keep(redis);
  return { databaseUrl: postgres.url, brokers: kafka.brokers, redisUrl: redis.url };
};

const closing = <T extends { close(): Promise<void> }>(server: T): T => {
  closers.push(() => server.close());
  return server;
};

const closeAll = async (): Promise<void> => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
};

const tell = (cluster: Cluster, directory: string): void => {
  say(`
Lotline runs as a cluster: ${cluster.url}
  every request needs the key in ${join(directory, 'apps', 'key')}:
    curl -s '${cluster.url}/genealogy/discrepancies' -H "authorization: Bearer $(cat ${join(directory, 'apps', 'key')})"
  the demo against it:  npm run demo -- --url ${cluster.url}
  operate it:  set -a; . ${join(directory, 'apps', 'env')}; set +a; npm run lotline -- projections list
  API description, health and figures of each app: /docs, /health/ready, /metrics at its own address
  logs:  ${join(directory, 'apps')}
Ctrl-C stops it in order; the next start goes on with its data.`);
};

const serve = async ({ port, workers, directory }: Wanted): Promise<void> => {
  const servers = await openServers(directory);
  const cluster = await startCluster({
    ...servers,
    directory: join(directory, 'apps'),
    port,
    counts: Object.fromEntries(APPS.map((app) => [app, workers])),
    say,
  });
  closers.push(() => cluster.stop());
  for (const one of cluster.processes()) keep(one);
  tell(cluster, directory);
};

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('not a whole number');
  return Number(text);
};

const wanted = new Command('cluster')
  .description('Every app as a process of its own, with PostgreSQL, Kafka and Redis, on loopback.')
  .option('--port <port>', 'port of the API of all apps', wholeNumber, 3000)
  .option('--workers <count>', 'processes of each app', wholeNumber, 1)
  .option('--directory <path>', 'where data, keys and logs are kept', '.lotline/cluster')
  .parse()
  .opts<Wanted>();

let isUp = false;
// Too early, or once more: what has been started ends by itself (deploy/local/tether.ts).
const endAtOnce = (): void => process.exit(1);
const stop = (): void => {
  if (!isUp) endAtOnce();
  say('Stopping.');
  void closeAll().then(() => {
    say('Stopped.');
    process.exit(0);
  });
};
onStopSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], stop, endAtOnce);

try {
  await serve({ ...wanted, directory: resolve(wanted.directory) });
  isUp = true;
} catch (error) {
  process.stderr.write(`The cluster did not start: ${(error as Error).message}\n`);
  await closeAll();
  process.exitCode = 1;
}
