import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from './binaries.js';
import type { OsUser } from './os-user.js';

export interface ServerRun {
  dataDir: string;
  port: number;
  binaries: Binaries;
  user: OsUser;
  settings: Record<string, string>;
  /** A living process that a stale pid file names wrongly; told to PostgreSQL as one that is no server. */
  notAServer?: number | undefined;
}

const KEEP_LOG_BYTES = 10 * 1024 * 1024;

const logFile = async (dataDir: string): Promise<string> => {
  const file = `${dataDir}.log`;
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > KEEP_LOG_BYTES) await rename(file, `${file}.1`);
  return file;
};

/** The end of what the server wrote, for an error message. */
export const logTail = async (dataDir: string): Promise<string> =>
  (await readFile(`${dataDir}.log`, 'utf8').catch(() => '')).slice(-2_000);

/**
 * Starts the server as a session of its own: a Ctrl-C in the terminal reaches the application only, which stops the server
 * after it has finished its own work.
 */
export const spawnServer = async (run: ServerRun): Promise<ChildProcess> => {
  const output = openSync(await logFile(run.dataDir), 'a', 0o600);
  try {
    const child = spawn(
      run.binaries.postgres,
      [
        ...['-D', run.dataDir, '-p', String(run.port)],
        ...Object.entries(run.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      {
        ...run.user,
        detached: true,
        cwd: '/',
        stdio: ['ignore', output, output],
        env: {
          ...process.env,
          LC_ALL: 'C',
          // By this variable pg_ctl names a process whose pid in a stale pid file does not mean a running server. Shared
          // memory still in use is looked for all the same.
          ...(run.notAServer === undefined ? {} : { PG_GRANDPARENT_PID: String(run.notAServer) }),
        },
      },
    );
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
};

/** @returns whether a server answers there now, with these credentials, from this data directory. */
export const answers = async (url: string, dataDir: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === dataDir;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Asks until it answers. @returns false where `isAlive` says that it never will, or the time is over. */
export const untilAnswers = async (
  url: string,
  dataDir: string,
  isAlive: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> => {
  const until = Date.now() + withinMs;
  while (!(await answers(url, dataDir))) {
    if (!(await isAlive()) || Date.now() > until) return false;
    await after(25);
  }
  return true;
};
