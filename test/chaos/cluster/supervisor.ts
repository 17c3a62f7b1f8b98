import { setTimeout as after } from 'node:timers/promises';
import type { ManagedProcess } from '../../../deploy/local/index.js';
import type { Trace } from '../report/trace.js';

/** A process that is started again whenever it dies, until told otherwise. */
export interface Supervised {
  readonly name: string;
  /** SIGKILL; started again after so long. */
  kill(restartAfterMs: number): Promise<void>;
  /** SIGSTOP, SIGCONT after so long. Resolves when it goes on (or has been killed meanwhile). */
  stop(forMs: number): Promise<void>;
  /** Times that it ended although nobody killed it. */
  readonly ownEnds: readonly { code: number | null; signal: NodeJS.Signals | null; wasReady: boolean }[];
  readonly starts: number;
  /** Resolves when it runs and is ready. */
  ready(): Promise<void>;
  /** Orderly, and not started again. */
  end(): Promise<void>;
}

/** How soon a process comes back that died by itself, or could not start. */
const OWN_RESTART_MS = 300;

/** @param process not started yet; `start` is called here, again and again. */
export const supervise = (name: string, process: ManagedProcess, trace: Trace): Supervised => {
  const ownEnds: { code: number | null; signal: NodeJS.Signals | null; wasReady: boolean }[] = [];
  let starts = 0;
  const wanted = new AbortController();
  const ended = (): boolean => wanted.signal.aborted;
  let isReady = false;
  let isKilled = false;
  let delayMs = 0;
  let waiters: (() => void)[] = [];

  process.onEnd(({ code, signal }) => {
    if (!wanted.signal.aborted && !isKilled) {
      ownEnds.push({ code, signal, wasReady: isReady });
      trace.note('ended by itself', { process: name, code, signal, wasReady: isReady });
      delayMs = OWN_RESTART_MS;
    }
    isReady = false;
    if (!wanted.signal.aborted) void bringUp();
  });

  let bringing: Promise<void> | undefined;
  const bringUp = (): Promise<void> => (bringing ??= tryUntilUp().finally(() => (bringing = undefined)));
  const tryUntilUp = async (): Promise<void> => {
    while (!wanted.signal.aborted && !isReady) {
      await after(delayMs, undefined, { signal: wanted.signal }).catch(() => undefined);
      if (ended()) return;
      isKilled = false;
      delayMs = OWN_RESTART_MS;
      starts += 1;
      try {
        await process.start();
        // It may have died in the very moment.
        isReady = process.pid() !== undefined;
        if (!isReady) continue;
        trace.note('ready', { process: name });
      } catch (error) {
        trace.note('did not start', { process: name, why: String(error).slice(0, 500) });
      }
    }
    for (const done of waiters.splice(0)) done();
  };
  void bringUp();

  return {
    name,
    ownEnds,
    get starts() {
      return starts;
    },
    kill: async (restartAfterMs) => {
      isKilled = true;
      delayMs = restartAfterMs;
      await process.kill();
    },
    stop: async (forMs) => {
      process.pause();
      await after(forMs);
      process.resume();
    },
    ready: () =>
      isReady
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters = [...waiters, resolve];
          }),
    end: async () => {
      wanted.abort();
      isKilled = true;
      await process.stop();
      await bringing;
    },
  };
};
