import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppName, APPS } from '../../../deploy/local/cluster/apps.js';
import { readOrMakeKeys } from '../../../deploy/local/cluster/keys.js';
import { environment, lotline, nodeArguments } from '../../../deploy/local/cluster/product.js';
import { manageProcess } from '../../../deploy/local/index.js';
import { freePort } from '../../../libs/platform/src/postgres/embedded/free-port.js';
import type { DoorApp } from '../plan/act.js';
import type { Trace } from '../report/trace.js';
import { type Address, openAddress } from './address.js';
import type { Servers } from './servers.js';
import { type Supervised, supervise } from './supervisor.js';

export interface ProductOptions {
  directory: string;
  servers: Servers;
  /** Apps that run twice; the others run once. */
  pairs: readonly AppName[];
  partitions: number;
  sessionTimeoutMs: number;
  trace: Trace;
}

/** Every app as a process of its own, behind one address an app. */
export interface Product {
  processes: readonly Supervised[];
  urlOf(app: DoorApp): string;
  /** What callers show. */
  key: string;
  /** Of a process that reaches the servers around the links, for operators and verification. */
  settings: Readonly<Record<string, string>>;
  topicPrefix: string;
  close(): Promise<void>;
}

const TOPIC_PREFIX = 'chaos';
/**
 * Small, as there are many; a worker that needs more is killed by Node, and that is a finding. Twice of it is what sources hold that
 * are run as they stand, with their maps: with half of this, seven tenths of the time went into collecting garbage.
 */
const HEAP_MEGABYTES = 384;

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(({ ok }) => ok);

export const startProduct = async (options: ProductOptions): Promise<Product> => {
  const { directory, servers, pairs, partitions, trace } = options;
  await mkdir(directory, { recursive: true });
  const keys = await readOrMakeKeys(directory);
  const instances = await Promise.all(
    APPS.flatMap((app) =>
      Array.from({ length: pairs.includes(app) ? 2 : 1 }, async (_, index) => ({
        app,
        name: `${app}-${index + 1}`,
        port: await freePort(),
      })),
    ),
  );
  const addresses = new Map<AppName, Address>();
  for (const app of APPS)
    addresses.set(app, await openAddress(instances.filter((one) => one.app === app).map(({ port }) => port)));
  const urlOf = (app: AppName): string => addresses.get(app)?.url ?? '';

  const settingsBy = ({ databaseUrl, brokers, redisUrl }: Servers['direct']): Record<string, string> => ({
    LOTLINE_PROFILE: 'cluster',
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: brokers,
    REDIS_URL: redisUrl,
    LOTLINE_MIGRATE: 'false',
    LOTLINE_API_KEYS: keys.apiKeys,
    LOTLINE_SERVICE_KEY: keys.service,
    LOTLINE_SECRETS_KEY: keys.secrets,
    LOTLINE_WEBHOOK_ALLOW_PRIVATE: 'true',
    LOTLINE_TOPIC_PREFIX: TOPIC_PREFIX,
    LOTLINE_KAFKA_SESSION_TIMEOUT_MS: String(options.sessionTimeoutMs),
    LOTLINE_DATABASE_POOL: '8',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    ...Object.fromEntries(APPS.map((app) => [`LOTLINE_${app.toUpperCase()}_URL`, urlOf(app)])),
    PUBLIC_URL: urlOf('capture'),
  });
  const settings = settingsBy(servers.direct);
  await lotline('sources', settings, 'migrate');
  await lotline('sources', settings, 'topics', 'create', '--partitions', String(partitions), '--replication', '1');

  const processes = instances.map(({ app, name, port }) =>
    supervise(
      name,
      manageProcess({
        name,
        command: process.execPath,
        args: [`--max-old-space-size=${HEAP_MEGABYTES}`, ...nodeArguments('sources', `apps/${app}/src/main`)],
        env: environment({
          ...settingsBy(servers.linked),
          PORT: String(port),
          NODE_COMPILE_CACHE: join(directory, 'compile-cache'),
        }),
        logFile: join(directory, `${name}.log`),
        pidFile: join(directory, `${name}.pid`),
        isReady: () => isReady(port),
      }),
      trace,
    ),
  );
  await Promise.all(processes.map((one) => one.ready()));
  return {
    processes,
    urlOf,
    key: keys.operator,
    settings,
    topicPrefix: TOPIC_PREFIX,
    close: async () => {
      await Promise.all(processes.map((one) => one.end()));
      await Promise.all([...addresses.values()].map((address) => address.close()));
    },
  };
};
