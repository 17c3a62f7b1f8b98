import { setTimeout as after } from 'node:timers/promises';
import type { ManagedProcess } from '../managed-process.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** One that ran this long is not failing at its start. */
const STEADY_MS = 60_000;

/**
 * Starts a process again that ends without being told to, at first at once, then ever later.
 * @returns ends the watch.
 */
export const keepAlive = (watched: ManagedProcess, say: (line: string) => void): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  let pause = FIRST_PAUSE_MS;
  let upSince = Date.now();

  const again = async (): Promise<void> => {
    for (;;) {
      if (Date.now() - upSince > STEADY_MS) pause = FIRST_PAUSE_MS;
      await after(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (signal.aborted) return;
      try {
        upSince = Date.now();
        await watched.start();
        say(`${watched.name} is back`);
        return;
      } catch (error) {
        say(`${(error as Error).message}\nStarting it again in ${pause / 1000} s.`);
      }
    }
  };

  let isStarting = false;
  watched.onEnd(({ expected, code, signal: by }) => {
    // One that ends while it is started again is told of there; a second starter would make two of it.
    if (expected || signal.aborted || isStarting) return;
    say(`${watched.name} ended by itself (${by ?? `status ${code}`}): starting it again`);
    isStarting = true;
    void again().finally(() => (isStarting = false));
  });
  return () => ending.abort();
};
