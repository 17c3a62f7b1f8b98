import { describe } from '@jest/globals';
import { describeAppending } from './appending.js';
import { describeDisturbance } from './disturbance.js';
import { describeFollowing } from './following.js';
import { describeIdempotency } from './idempotency.js';
import { describeReading } from './reading.js';
import type { LogFactory } from './log-under-test.js';
import { describeRevisions } from './revisions.js';

/** Everything the port promises, for any adapter. */
export const describeEventLog = (name: string, factory: LogFactory): void => {
  describe(`event log on ${name}`, () => {
    describeAppending(factory);
    describeIdempotency(factory);
    describeRevisions(factory);
    describeReading(factory);
    describeFollowing(factory);
    describeDisturbance(factory);
  });
};
