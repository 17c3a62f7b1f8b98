import { setTimeout as after } from 'node:timers/promises';
import { stopServer } from './stop-server.js';

export interface Watched {
  /** Of the server that runs now. */
  pid(): number;
  /** Stops watching, then the server. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

/**
 * Starts a server again that ends without being told to (killed for its memory, say): nobody else would, and until then
 * every request is answered "not now". It recovers from its log as after any crash.
 * @param again starts it on the same port, so that whoever has its URL goes on with it.
 */
export const keepRunning = (
  first: number,
  again: () => Promise<{ pid: number }>,
  log: { warn(message: string): void },
): Watched => {
  const stopping = new AbortController();
  let pid = first;
  let restarting: Promise<void> | undefined;

  const restart = async (): Promise<void> => {
    log.warn(`the embedded PostgreSQL (pid ${pid}) has ended by itself: starting it again`);
    for (let pause = LOOK_EVERY_MS; !stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS))
      try {
        ({ pid } = await again());
        log.warn(`the embedded PostgreSQL is back (pid ${pid})`);
        return;
      } catch (error) {
        log.warn(`${(error as Error).message}; trying again`);
        await after(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
  };

  const timer = setInterval(() => {
    if (restarting === undefined && isGone(pid)) restarting = restart().finally(() => (restarting = undefined));
  }, LOOK_EVERY_MS).unref();

  return {
    pid: () => pid,
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await restarting;
      await stopServer(pid);
    },
  };
};
