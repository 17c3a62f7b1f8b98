import { describe } from '@jest/globals';
import { describeBackoff } from './backoff.js';
import { describeConcurrency } from './concurrency.js';
import { describeDead } from './dead.js';
import { describeDelay } from './delay.js';
import type { JobsFactory } from './jobs-under-test.js';
import { describeRepeating } from './repeating.js';
import { describeServerAway } from './server-away.js';
import { describeStopping } from './stopping.js';
import { describeTakeover } from './takeover.js';
import { describeWaking } from './waking.js';

/** Everything the port promises, for any adapter. */
export const describeJobs = (name: string, factory: JobsFactory): void => {
  describe(`jobs on ${name}`, () => {
    describeWaking(factory);
    describeDelay(factory);
    describeRepeating(factory);
    describeBackoff(factory);
    describeDead(factory);
    describeConcurrency(factory);
    describeStopping(factory);
  });
};

/** The rest of it: what happens when processes and servers come and go. */
export const describeJobsDisturbed = (name: string, factory: JobsFactory): void => {
  describe(`jobs on ${name}, disturbed`, () => {
    describeTakeover(factory);
    describeServerAway(factory);
  });
};
