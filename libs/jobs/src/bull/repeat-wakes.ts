import type { Repeating } from '../port.js';
import { pause } from './pause.js';

export interface Repetition {
  everyMs: number;
  /** Wakes the key at this time, in ms since 1970; while it waits for one, no other. */
  wakeAt: (at: number) => Promise<void>;
  onError: (error: unknown) => void;
}

const ASK_AGAIN_MS = 1_000;

/**
 * Asks for one time after the other. Each process that repeats does so by itself, and all come to the same times: there is no
 * chain of jobs, each of which makes the next, that a lost job could end. (BullMQ's own schedulers are such chains; on PostgreSQL
 * two that are asked for at once can end each other's, see ADR 15.)
 * @returns when the first time is asked for.
 */
export const repeatWakes = async ({ everyMs, wakeAt, onError }: Repetition): Promise<Repeating> => {
  const stopped = new AbortController();
  const timeAfter = (ms: number): number => (Math.floor(ms / everyMs) + 1) * everyMs;

  const isAsked = (at: number): Promise<boolean> =>
    wakeAt(at).then(
      () => true,
      (error: unknown) => {
        onError(error);
        return false;
      },
    );

  let at = timeAfter(Date.now());
  await wakeAt(at);

  const goOn = async (): Promise<void> => {
    for (;;) {
      // Half an interval after the time, when the job of that time is done: while it waits, another one is the same.
      await pause(at + everyMs / 2 - Date.now(), stopped.signal);
      at = timeAfter(Math.max(at, Date.now()));
      while (!stopped.signal.aborted && Date.now() < at && !(await isAsked(at)))
        await pause(ASK_AGAIN_MS, stopped.signal);
      if (stopped.signal.aborted) return;
    }
  };
  const ended = goOn();
  return {
    stop: () => {
      stopped.abort();
      return ended;
    },
  };
};
