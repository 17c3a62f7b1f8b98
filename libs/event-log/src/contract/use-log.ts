import { afterEach, beforeEach } from '@jest/globals';
import type { EventLog } from '../port.js';
import type { LogFactory, LogUnderTest } from './log-under-test.js';

/** A fresh log for each test of the enclosing block. */
export const useLog = (factory: LogFactory): { current: LogUnderTest; log: EventLog } => {
  const holder = {} as { current: LogUnderTest; log: EventLog };
  beforeEach(async () => {
    holder.current = await factory();
    holder.log = holder.current.open();
  });
  afterEach(() => holder.current.dispose());
  return holder;
};
