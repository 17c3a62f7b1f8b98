import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { processInfo } from '../../libs/platform/src/postgres/embedded/process-info.js';

/** Tells the process from a later one with the same id. */
const markOf = async (pid: number): Promise<string | undefined> => (await processInfo(pid))?.startMark;

/** Writes down which process runs. */
export const remember = async (pidFile: string, pid: number): Promise<void> => {
  await mkdir(dirname(pidFile), { recursive: true });
  await writeFile(pidFile, `${pid}\n${(await markOf(pid)) ?? ''}\n`);
};

export const forget = (pidFile: string): Promise<void> => rm(pidFile, { force: true });

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

const ORDERLY_MS = 30_000;

/** Ends the process that a killed parent left behind, if it is still there, and waits until it is gone. */
export const endLeftover = async (pidFile: string): Promise<void> => {
  const [pid = '', mark] = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const id = Number(pid);
  if (!(id > 0) || mark === undefined || mark === '' || (await markOf(id)) !== mark) return;
  const until = Date.now() + ORDERLY_MS;
  send(id, 'SIGTERM');
  send(id, 'SIGCONT');
  while ((await markOf(id)) === mark) {
    if (Date.now() > until) send(id, 'SIGKILL');
    await after(50);
  }
  await forget(pidFile);
};
