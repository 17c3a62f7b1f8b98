import { join } from 'node:path';
import { type ManagedProcess, manageProcess } from '../managed-process.js';
import { ownDirectory } from '../owned-directory.js';
import { type AppName, APPS } from './apps.js';
import { type Keys, readOrMakeKeys } from './keys.js';
import { type Build, environment, lotline, nodeArguments } from './product.js';
import { startProxy } from './proxy.js';
import { writeSettings } from './settings-file.js';

export interface ClusterOptions {
  /** Keys, ports, logs and, in `env`, the settings of every process are kept there, so that the next start goes on with them; made if need be. */
  directory: string;
  databaseUrl: string;
  /** `host:port` of Kafka. */
  brokers: string;
  redisUrl: string;
  /** Of the proxy. Default: the one of last time if it is free, else any free one. */
  port?: number | undefined;
  /** Processes of each app; default 1. */
  counts?: Partial<Record<AppName, number>>;
  /** Of each log topic, where they are not there yet; default as in deploy/kafka/topics.json. */
  partitions?: number;
  /** More settings for every process, e.g. LOTLINE_TOPIC_PREFIX. */
  settings?: Readonly<Record<string, string>>;
  /** Default `dist`. */
  build?: Build;
  /** Told what happens meanwhile, a line each. */
  say?: (line: string) => void;
}

/** A process of an app; its URL stays the same however often it is started again. */
export interface AppProcess extends ManagedProcess {
  readonly app: AppName;
  readonly url: string;
  readonly logFile: string;
}

export interface Cluster {
  /** One address for the API of all apps. */
  url: string;
  /** A key that may do anything. */
  key: string;
  /** Settings of every process, as for the command line. */
  settings: Readonly<Record<string, string>>;
  /** All that were started, running or not; of one app where it is named. */
  processes(app?: AppName): readonly AppProcess[];
  /** One more process of an app; resolves when it is ready. */
  add(app: AppName): Promise<AppProcess>;
  /** `npm run lotline -- …` on this cluster. @returns what it printed. */
  lotline(...command: string[]): Promise<string>;
  /** Stops every process in order; the servers belong to the caller. */
  stop(): Promise<void>;
}

const isReady = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) })).ok;

const settingsOf = (options: ClusterOptions, keys: Keys, publicUrl: string): Record<string, string> => ({
  LOTLINE_PROFILE: 'cluster',
  DATABASE_URL: options.databaseUrl,
  KAFKA_BROKERS: options.brokers,
  REDIS_URL: options.redisUrl,
  LOTLINE_API_KEYS: keys.apiKeys,
  LOTLINE_SERVICE_KEY: keys.service,
  LOTLINE_SECRETS_KEY: keys.secrets,
  PUBLIC_URL: publicUrl,
  HOST: '127.0.0.1',
  // A dozen processes share one PostgreSQL.
  LOTLINE_DATABASE_POOL: '8',
  ...options.settings,
});

/**
 * Every app as a process of its own on servers that run already, behind one address: migrations, topics, then the apps, all
 * at once.
 * @throws where a step or a process fails, after everything that had been started was stopped.
 */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const { build = 'dist', counts = {}, say = () => undefined } = options;
  const home = await ownDirectory(options.directory);
  const keys = await readOrMakeKeys(home.path);
  const processes: AppProcess[] = [];
  const running = (app: AppName): AppProcess[] => processes.filter((one) => one.app === app);
  const proxy = await startProxy(options.port ?? (await home.port('proxy')), (app) =>
    running(app).flatMap((one) => (one.pid() === undefined ? [] : [one.url])),
  );
  const settings = settingsOf(options, keys, proxy.url);

  const define = async (app: AppName): Promise<AppProcess> => {
    const name = `${app}-${running(app).length + 1}`;
    const port = await home.port(name);
    const url = `http://127.0.0.1:${port}`;
    const logFile = join(home.path, `${name}.log`);
    const managed = manageProcess({
      name,
      command: process.execPath,
      args: nodeArguments(build, `apps/${app}/src/main`),
      env: environment({ ...settings, PORT: String(port) }),
      logFile,
      pidFile: join(home.path, `${name}.pid`),
      isReady: () => isReady(url),
    });
    const one: AppProcess = { ...managed, app, url, logFile };
    processes.push(one);
    return one;
  };

  const stop = async (): Promise<void> => {
    // Nothing new comes in; then the apps finish what they have.
    await proxy.close();
    await Promise.all(processes.map((one) => one.stop()));
    await home.release();
  };

  try {
    await writeSettings(join(home.path, 'env'), settings);
    say((await lotline(build, settings, 'migrate')).trim());
    // One machine has one broker.
    const partitions = options.partitions === undefined ? [] : ['--partitions', String(options.partitions)];
    await lotline(build, settings, 'topics', 'create', '--replication', '1', ...partitions);
    for (const app of APPS) for (let n = 0; n < (counts[app] ?? 1); n++) await define(app);
    await Promise.all(
      processes.map(async (one) => {
        await one.start();
        say(`${one.name} is ready at ${one.url}`);
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: proxy.url,
    key: keys.operator,
    settings,
    processes: (app) => (app === undefined ? processes : running(app)),
    add: async (app) => {
      const one = await define(app);
      await one.start();
      return one;
    },
    lotline: (...command) => lotline(build, settings, ...command),
    stop,
  };
};
