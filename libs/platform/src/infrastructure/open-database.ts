import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { LotlineConfig } from '../config/lotline-config.js';
import { startEmbeddedPostgres } from '../postgres/embedded.js';
import { DatabaseUnusable, requireDatabase } from '../postgres/require-database.js';
import { isServerOf, readPostmasterFile } from '../postgres/embedded/postmaster.js';

export interface Database {
  url: string;
  close: () => Promise<void>;
}

type Place = Pick<LotlineConfig, 'databaseUrl' | 'dataDir'>;

export const clusterOf = ({ dataDir }: Place): string => join(dataDir, 'postgres');
const notOurs = async (url: string): Promise<Database> => {
  await requireDatabase(url);
  return { url, close: () => Promise.resolve() };
};

/** What the operating system refuses and what was said on purpose; any other error is a defect, which needs its stack. */
const isExplained = (error: unknown): error is Error =>
  error instanceof Error && (error.constructor === Error || (error as NodeJS.ErrnoException).syscall !== undefined);

const unusable =
  (dataDir: string) =>
  (error: unknown): never => {
    if (!isExplained(error)) throw error;
    const { syscall } = error as NodeJS.ErrnoException;
    const hint = syscall === undefined ? '' : ': set LOTLINE_DATA_DIR to a directory that this process can write';
    throw new DatabaseUnusable(`the data directory ${resolve(dataDir)}`, `${error.message}${hint}`, error);
  };

/**
 * The PostgreSQL of DATABASE_URL, else one of our own in the data directory that stops with us.
 * @throws DatabaseUnusable where DATABASE_URL leads nowhere, or the data directory cannot be worked with.
 */
export const openDatabase = async (config: Place, logger: Logger): Promise<Database> => {
  if (config.databaseUrl !== undefined) return notOurs(config.databaseUrl);
  const server = await startEmbeddedPostgres({ dataDir: clusterOf(config), log: logger }).catch(
    unusable(config.dataDir),
  );
  return { url: server.url, close: () => server.stop() };
};

/**
 * The same for an operator's tool, which may come while the product runs on the data directory: then its server is used,
 * otherwise one is started for as long as the tool works.
 */
export const visitDatabase = async (config: Place, logger: Logger): Promise<Database> => {
  if (config.databaseUrl !== undefined) return notOurs(config.databaseUrl);
  const running = await runningServer(clusterOf(config));
  return running === undefined ? openDatabase(config, logger) : notOurs(running);
};

const runningServer = async (asked: string): Promise<string | undefined> => {
  const dataDir = await realpath(resolve(asked)).catch(() => undefined);
  if (dataDir === undefined) return undefined;
  const file = await readPostmasterFile(dataDir);
  if (!file || !(await isServerOf(dataDir, file))) return undefined;
  const password = (await readFile(`${dataDir}.password`, 'utf8')).trim();
  return `postgres://lotline:${password}@127.0.0.1:${file.port}/lotline`;
};
