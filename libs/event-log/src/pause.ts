/** Resolves after `ms`, or at once when the signal aborts; never rejects and leaves nothing behind. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });

const FIRST_MS = 20;
const LONGEST_MS = 1_000;

/** @param attempt from 0, which waits for nothing. @returns milliseconds, doubling to one second, half of it random. */
export const backoff = (attempt: number): number =>
  attempt === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
