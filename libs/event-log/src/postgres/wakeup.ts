import type { Connect } from './connections.js';
import { backoff, pause } from '../pause.js';

/** Tells followers that there may be something new. */
export interface Wakeup {
  /** Changes with every wake-up: read it before looking, and a wake-up while looking is not missed. */
  version(): number;
  wake(): void;
  /** Resolves when the version is no longer `seen`, after `ms`, or on abort. */
  changed(seen: number, ms: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * Listens on one connection for all followers of a process, from the first `changed` on. A lost connection is made again,
 * and every (re)connection wakes, since notifications are not kept while nobody listens.
 */
export const createWakeup = (connect: Connect, onError: (error: unknown) => void): Wakeup => {
  let version = 0;
  const waiting = new Set<() => void>();
  const stop = new AbortController();
  let listening: Promise<void> | undefined;

  const wake = (): void => {
    version += 1;
    for (const resolve of [...waiting]) resolve();
  };

  const listenOnce = async (): Promise<void> => {
    const client = await connect();
    client.on('notification', wake);
    wake();
    await new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.once('error', () => resolve());
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await client.end().catch(() => undefined);
  };

  const listen = async (): Promise<void> => {
    for (let failures = 0; !stop.signal.aborted; failures += 1) {
      const since = Date.now();
      await listenOnce().catch(onError);
      if (Date.now() - since > 10_000) failures = 0;
      await pause(backoff(failures), stop.signal);
    }
  };

  return {
    version: () => version,
    wake,
    changed: (seen, ms, signal) => {
      listening ??= listen();
      if (version !== seen || signal.aborted || stop.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
      });
    },
    close: async () => {
      stop.abort();
      wake();
      await listening;
    },
  };
};
