import { setTimeout as wait } from 'node:timers/promises';

/** Resolves when the condition holds; the test's own time limit says when that is too late. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await wait(5);
};
