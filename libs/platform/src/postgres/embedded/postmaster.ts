import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processInfo } from './process-info.js';

/** What a server writes into its data directory; fields by PostgreSQL's `miscadmin.h` (LOCK_FILE_LINE_*). */
export interface PostmasterFile {
  pid: number;
  dataDirectory: string;
  /** Seconds since 1970. */
  startedAt: number;
  port: number;
}

/** @returns undefined where no server is running and none was killed. */
export const readPostmasterFile = async (dataDir: string): Promise<PostmasterFile | undefined> => {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => undefined);
  const [pid, dataDirectory = '', startedAt, port] = text?.split('\n') ?? [];
  if (!pid || !/^-?\d+$/.test(pid)) return undefined;
  return { pid: Math.abs(Number(pid)), dataDirectory, startedAt: Number(startedAt), port: Number(port) };
};

/** Clocks are stepped and boot times are derived; a pid that lives again within this is excluded by the other signs. */
const START_TOLERANCE_SECONDS = 120;

/**
 * Whether the process that a pid file names is the server of this data directory. A pid alone says nothing: after a crash
 * or a reboot anything may have it. It must be a `postgres`, started for this directory (which a server makes its
 * working directory), at the time the file says.
 * @param dataDir absolute, symlinks resolved.
 */
export const isServerOf = async (dataDir: string, file: PostmasterFile): Promise<boolean> => {
  const info = await processInfo(file.pid);
  if (!info) return false;
  const here = info.cwd === undefined ? info.commandLine.split(' ').includes(dataDir) : info.cwd === dataDir;
  return (
    info.program === 'postgres' &&
    here &&
    file.dataDirectory === dataDir &&
    Math.abs(info.startedAt - file.startedAt) <= START_TOLERANCE_SECONDS
  );
};
