import { readFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../libs/platform/src/postgres/embedded.js';
import { processInfo } from '../../libs/platform/src/postgres/embedded/process-info.js';
import type { ManagedProcess } from './managed-process.js';

export interface PostgresOptions {
  /** Parent of its data; made if need be. */
  directory: string;
  /** Server settings that replace the defaults. */
  settings?: Readonly<Record<string, string>>;
  /** pino's shape; default: silent. */
  log?: { info(message: string): void; warn(message: string): void };
}

/** One that was killed comes back by itself within moments; `start` then waits for that. */
export interface LocalPostgres extends Omit<ManagedProcess, 'onEnd'> {
  /** `postgres://…` of its database `lotline`; the same after every restart. */
  readonly url: string;
  /** Stops it and gives its directory free. */
  close(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined };

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Linux tells the children of a process; elsewhere only the process itself is known. */
const family = (pid: number): number[] => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [pid, ...children.split(' ').filter(Boolean).map(Number)];
  } catch {
    return [pid];
  }
};

/** A real PostgreSQL on loopback: the embedded one, with the handles that tests of failures need. */
export const startPostgres = async (options: PostgresOptions): Promise<LocalPostgres> => {
  const { directory, settings = {}, log = silent } = options;
  const dataDir = join(directory, 'postgres');
  const open = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, log, settings });
  let server: EmbeddedPostgres | undefined = await open();
  const { url } = server;
  const pidFile = join(await realpath(dataDir), 'postmaster.pid');

  const pid = (): number | undefined => {
    try {
      const first = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
      return first > 0 ? first : undefined;
    } catch {
      return undefined;
    }
  };
  const signalAll = (signal: NodeJS.Signals): void => {
    const first = pid();
    for (const one of first === undefined ? [] : family(first)) process.kill(one, signal);
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = undefined;
    await running?.stop();
  };

  return {
    name: 'PostgreSQL',
    url,
    pid,
    start: async () => {
      server ??= await open();
      while (!(await answers(url))) await after(50);
    },
    stop,
    kill: async () => {
      const killed = pid();
      const mark = killed === undefined ? undefined : (await processInfo(killed))?.startMark;
      if (killed === undefined || mark === undefined) return;
      process.kill(killed, 'SIGKILL');
      while ((await processInfo(killed))?.startMark === mark) await after(10);
    },
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    close: stop,
  };
};
