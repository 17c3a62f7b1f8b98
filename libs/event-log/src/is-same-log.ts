import type { LogIdentity } from './port.js';

/** Whether positions of the one mean the same in the other: one log, in one epoch. */
export const isSameLog = (a: LogIdentity, b: LogIdentity): boolean => a.logId === b.logId && a.epoch === b.epoch;
