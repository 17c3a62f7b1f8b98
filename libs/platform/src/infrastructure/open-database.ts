import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { LotlineConfig } from '../config/lotline-config.js';
import { startEmbeddedPostgres } from '../postgres/embedded.js';
import { requireDatabase } from '../postgres/require-database.js';
import { isServerOf, readPostmasterFile } from '../postgres/embedded/postmaster.js';

export interface Database {
  url: string;
  close: () => Promise<void>;
}

type Place = Pick<LotlineConfig, 'databaseUrl' | 'dataDir'>;

const clusterOf = ({ dataDir }: Place): string => join(dataDir, 'postgres');
const notOurs = async (url: string): Promise<Database> => {
  await requireDatabase(url);
  return { url, close: () => Promise.resolve() };
};

/**
 * The PostgreSQL of DATABASE_URL, else one of our own in the data directory that stops with us.
 * @throws DatabaseUnusable where DATABASE_URL leads nowhere.
 */
export const openDatabase = async (config: Place, logger: Logger): Promise<Database> => {
  if (config.databaseUrl !== undefined) return notOurs(config.databaseUrl);
  const server = await startEmbeddedPostgres({ dataDir: clusterOf(config), log: logger });
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
