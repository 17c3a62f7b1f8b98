import type { BullQueue } from './engine.js';
import type { Due, KeyStates } from './key-states.js';
import { once } from './queue-options.js';

/** Runs the keys as soon as possible: once each while they wait, once more where they are run now. */
export const addRuns = async (bull: BullQueue, keys: readonly string[]): Promise<void> => {
  if (keys.length === 0) return;
  await bull.addBulk(keys.map((key) => ({ name: 'run', data: { key }, opts: once(`run ${key}`) })));
};

/**
 * Runs the keys at their times, or at the earlier ones they wait for already. BullMQ can move a waiting job, but not to the
 * earlier of two times; so the state of a key says when it is due, and every time has a job that looks whether it still is.
 */
export const addDue = async (
  bull: BullQueue,
  states: KeyStates,
  queue: string,
  wakes: readonly Due[],
): Promise<void> => {
  if (wakes.length === 0) return;
  const waiting = await states.postpone(queue, wakes);
  const now = Date.now();
  await bull.addBulk(
    waiting.map(({ key, at }) => ({
      name: 'due',
      data: { key, at },
      opts: once(`due ${at} ${key}`, Math.max(0, at - now)),
    })),
  );
};

/**
 * Runs the key at that time, once for all who ask for it before; what else the key waits for stays. Nothing piles up where nobody
 * works on the queue: while a time of this interval waits, others are not waited for.
 */
export const addRepeat = async (bull: BullQueue, { key, at }: Due, everyMs: number): Promise<void> => {
  await bull.addBulk([
    { name: 'repeat', data: { key }, opts: once(`repeat ${everyMs} ${key}`, Math.max(0, at - Date.now())) },
  ]);
};
