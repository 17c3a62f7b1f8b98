import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition. @throws where it does not come true within 30 seconds. */
export const until = async (what: string, condition: () => Promise<boolean> | boolean): Promise<void> => {
  const giveUp = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > giveUp) throw new Error(`waited in vain: ${what}`);
    await delay(10);
  }
};
