import { setTimeout as after } from 'node:timers/promises';
import { processInfo } from './process-info.js';

const FAST_MS = 60_000;
const IMMEDIATE_MS = 15_000;
const LOOK_EVERY_MS = 20;

const gone = async (pid: number, startMark: string, withinMs: number): Promise<boolean> => {
  const until = Date.now() + withinMs;
  // A process that is not our child tells nobody when it ends.
  while ((await processInfo(pid))?.startMark === startMark) {
    if (Date.now() > until) return false;
    await after(LOOK_EVERY_MS);
  }
  return true;
};

/**
 * Stops a server that the caller knows to be the right one: fast (SIGINT: sessions end, a checkpoint is written), and if
 * that takes more than a minute immediate (SIGQUIT: it recovers from its log at the next start). Never SIGKILL.
 */
export const stopServer = async (pid: number, fastMs = FAST_MS): Promise<void> => {
  const mark = (await processInfo(pid))?.startMark;
  if (mark === undefined) return;
  for (const [signal, patience] of [
    ['SIGINT', fastMs],
    ['SIGQUIT', IMMEDIATE_MS],
  ] as const) {
    try {
      process.kill(pid, signal);
      // One that was suspended takes no signal until it goes on.
      process.kill(pid, 'SIGCONT');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    if (await gone(pid, mark, patience)) return;
  }
  throw new Error(`the PostgreSQL server (pid ${pid}) does not stop`);
};
