import type { Logger } from 'pino';
import { LotlineError } from '#kernel';
import type { Records } from './records.js';

/** Where there is no broker nothing comes in by one: what is declared to receive stays idle and says so once. */
export const noRecords = (logger: Logger): Records => ({
  receive: ({ topic }) => {
    logger.info({ topic }, 'nothing is received from this topic: the profile has no broker');
    return Promise.resolve({ stop: () => Promise.resolve(), pause: () => undefined, resume: () => undefined });
  },
  send: () => Promise.reject(new LotlineError('unavailable', 'no-broker', 'this profile has no broker')),
  close: () => Promise.resolve(),
});
