import { describe } from '@jest/globals';
import { describeAppending } from './appending.js';
import { describeDisturbance } from './disturbance.js';
import { describeFollowing } from './following.js';
import { describeIdempotency } from './idempotency.js';
import { describeReading } from './reading.js';
import type { LogFactory } from './log-under-test.js';
import type { LogPromises } from './promises.js';
import { describeRevisions } from './revisions.js';

/**
 * Everything the port promises, for any adapter, and what the adapter promises beyond.
 * @param options.disturbs whether the server's connections can be cut; a server that others use too is left alone.
 */
export const describeEventLog = (
  name: string,
  factory: LogFactory,
  { promises, disturbs = true }: { promises: LogPromises; disturbs?: boolean },
): void => {
  describe(`event log on ${name}`, () => {
    describeAppending(factory, promises);
    describeIdempotency(factory);
    describeRevisions(factory);
    describeReading(factory, promises);
    describeFollowing(factory);
    if (disturbs) describeDisturbance(factory);
  });
};
