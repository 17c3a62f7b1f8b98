import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, findBinaries } from './embedded/binaries.js';
import { lockDirectory } from './embedded/directory-lock.js';
import { freePort, isFree } from './embedded/free-port.js';
import { DATABASE_USER, initialiseOnce, readOrMakePassword } from './embedded/init-cluster.js';
import { type OsUser, serverUser } from './embedded/os-user.js';
import { placeOf } from './embedded/place.js';
import { keepRunning } from './embedded/keep-running.js';
import { isServerOf, readPostmasterFile } from './embedded/postmaster.js';
import { processInfo } from './embedded/process-info.js';
import { logTail, spawnServer, untilAnswers } from './embedded/run-server.js';
import { serverSettings } from './embedded/server-settings.js';
import { stopServer } from './embedded/stop-server.js';

export interface EmbeddedPostgresOptions {
  /**
   * The cluster's directory, e.g. `.lotline/postgres`; made with its parent if need be. Beside it, under the same name,
   * lie `.password` (0600), `.port`, `.lock.N` and the server's `.log`.
   */
  dataDir: string;
  /** Default: the one of last time if it is free, else any free one. */
  port?: number | undefined;
  /** pino's shape. */
  log: { info(message: string): void; warn(message: string): void };
  /** Milliseconds that a server left behind gets to answer before it is stopped; default 30,000. */
  adoptWithin?: number;
  /** Server settings that replace the defaults. */
  settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** `postgres://…` of its database `lotline`, as its superuser, on the loopback interface. */
  url: string;
  /** True where it was running already: left behind by a process of ours that was killed. */
  adopted: boolean;
  /** Orderly (fast shutdown), then gives the data directory free. Safe to call again. */
  stop(): Promise<void>;
}

const DATABASE = 'lotline';
/** Recovery after a crash may have gigabytes of log to replay; it is over when the server answers or ends. */
const START_MS = 30 * 60_000;
const ADOPT_MS = 30_000;
/** A killed server's backends end within moments; until then its memory is in use and a new one refuses to start. */
const LEFTOVER_MS = 10_000;

interface Site {
  dataDir: string;
  binaries: Binaries;
  user: OsUser;
  password: string;
  options: EmbeddedPostgresOptions;
}

interface Running {
  pid: number;
  port: number;
  adopted: boolean;
}

/**
 * A real PostgreSQL in a directory, for the profile that needs no other server. The process that calls this owns the
 * directory until `stop` or its death; a second one is refused. A server that a killed predecessor left behind is adopted,
 * or stopped and started if it does not answer; one that ends by itself is started again under the same URL; no process is
 * signalled that is not proven to be this directory's server.
 * @throws where the directory is in use, holds something else or another major version, or the server does not start (the
 * end of its log is in the message).
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const user = await serverUser();
  const dataDir = await placeOf(options.dataDir, user, (message) => options.log.warn(message));
  const lock = await lockDirectory(dataDir);
  try {
    const binaries = await findBinaries(user);
    await initialiseOnce(dataDir, binaries, user, (message) => options.log.info(message));
    const site: Site = { dataDir, binaries, user, password: await readOrMakePassword(dataDir), options };
    const running = (await adopt(site)) ?? (await start(site));
    await ensureDatabase(urlOf(site, running.port, 'postgres'));
    return handle(site, running, lock.release);
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const urlOf = (site: Site, port: number, database: string): string =>
  `postgres://${DATABASE_USER}:${site.password}@127.0.0.1:${port}/${database}`;

const adopt = async (site: Site): Promise<Running | undefined> => {
  const { dataDir, options } = site;
  const file = await readPostmasterFile(dataDir);
  if (!file || !(await isServerOf(dataDir, file))) return undefined;
  const url = urlOf(site, file.port, 'postgres');
  if (await untilAnswers(url, dataDir, () => isServerOf(dataDir, file), options.adoptWithin ?? ADOPT_MS)) {
    options.log.info(`adopted the PostgreSQL (pid ${file.pid}) that a killed process left behind`);
    return { pid: file.pid, port: file.port, adopted: true };
  }
  if (await isServerOf(dataDir, file)) {
    options.log.warn(`the PostgreSQL (pid ${file.pid}) that a killed process left behind does not answer: stopping it`);
    await stopServer(file.pid, 10_000);
  }
  return undefined;
};

const portFile = (dataDir: string): string => `${dataDir}.port`;

const choosePort = async ({ dataDir, options }: Site): Promise<number> => {
  if (options.port !== undefined) return options.port;
  const remembered = Number(await readFile(portFile(dataDir), 'utf8').catch(() => ''));
  return Number.isInteger(remembered) && remembered > 0 && (await isFree(remembered)) ? remembered : freePort();
};

const start = async (site: Site): Promise<Running> => {
  const { dataDir, binaries, user, options } = site;
  const leftoverUntil = Date.now() + LEFTOVER_MS;
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(site);
    const stale = await readPostmasterFile(dataDir);
    const notAServer = stale && (await processInfo(stale.pid)) ? stale.pid : undefined;
    const settings = { ...serverSettings(), ...options.settings };
    const child = await spawnServer({ dataDir, port, binaries, user, settings, notAServer });
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const isAlive = (): boolean => failure === undefined && child.exitCode === null && child.signalCode === null;
    if (child.pid !== undefined && (await untilAnswers(urlOf(site, port, 'postgres'), dataDir, isAlive, START_MS))) {
      await writeFile(`${portFile(dataDir)}.new`, `${port}\n`);
      await rename(`${portFile(dataDir)}.new`, portFile(dataDir));
      return { pid: child.pid, port, adopted: false };
    }
    if (child.pid !== undefined && isAlive()) await stopServer(child.pid);
    const tail = await logTail(dataDir);
    const last = tail.slice(-600);
    if (last.includes('pre-existing shared memory block') && Date.now() < leftoverUntil) {
      await after(100);
      continue;
    }
    // Somebody took the port between the choice and the start.
    if (attempt < 3 && options.port === undefined && last.includes('could not bind')) continue;
    throw new Error(`the embedded PostgreSQL did not start: ${failure?.message ?? ''}\n${tail}`, { cause: failure });
  }
};

const ensureDatabase = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
};

const handle = (site: Site, { pid, port, adopted }: Running, release: () => Promise<void>): EmbeddedPostgres => {
  const again = async (): Promise<Running> => start({ ...site, options: { ...site.options, port } });
  const watched = keepRunning(pid, again, site.options.log);
  let stopping: Promise<void> | undefined;
  const leave = (): void => {
    // The process ends without having stopped it (process.exit in a hurry): at least ask for an orderly end.
    try {
      process.kill(watched.pid(), 'SIGINT');
    } catch {
      // It is gone already.
    }
  };
  process.once('exit', leave);
  const stop = async (): Promise<void> => {
    process.off('exit', leave);
    site.options.log.info('stopping the embedded PostgreSQL');
    await watched.stop();
    await release();
  };
  return { url: urlOf(site, port, DATABASE), adopted, stop: () => (stopping ??= stop()) };
};
