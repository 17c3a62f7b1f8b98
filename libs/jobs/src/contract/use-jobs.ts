import { afterEach, beforeEach } from '@jest/globals';
import type { Jobs } from '../port.js';
import type { JobsFactory, JobsUnderTest } from './jobs-under-test.js';

/** Fresh queues for each test of the enclosing block. */
export const useJobs = (factory: JobsFactory): { current: JobsUnderTest; jobs: Jobs } => {
  const holder = {} as { current: JobsUnderTest; jobs: Jobs };
  beforeEach(async () => {
    holder.current = await factory();
    holder.jobs = holder.current.open();
  });
  afterEach(() => holder.current.dispose());
  return holder;
};
