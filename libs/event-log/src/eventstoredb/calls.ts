import { backoff, pause } from '../pause.js';
import { createSlots } from './slots.js';
import { asLogError, isTransient } from './failure.js';

/** Bounds how many calls are under way at once, and tries again what the server did not answer. */
export interface Calls {
  /**
   * @param call may be made several times: what it does must be the same done twice.
   * @throws LotlineError `log-unavailable` or `log-access-denied` for whatever the client throws.
   */
  run<T>(call: () => Promise<T>): Promise<T>;
}

export interface CallsOptions {
  /** Below what a server takes on one connection (Kestrel: 100 streams). */
  atOnce: number;
  /** Milliseconds that a call is tried again. */
  retryFor: number;
  onError: (error: unknown) => void;
}

export const createCalls = ({ atOnce, retryFor, onError }: CallsOptions): Calls => {
  const slot = createSlots(atOnce);
  return {
    run: async (call) => {
      const giveUpAt = performance.now() + retryFor;
      for (let failures = 1; ; failures += 1) {
        try {
          return await slot(call);
        } catch (error) {
          if (!isTransient(error)) throw asLogError(error);
          onError(error);
          if (performance.now() >= giveUpAt) throw asLogError(error);
          await pause(backoff(failures));
        }
      }
    },
  };
};
