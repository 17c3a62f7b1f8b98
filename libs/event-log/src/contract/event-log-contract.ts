import { describe } from '@jest/globals';
import type { EventLog } from '../port.js';
import { describeAppending } from './appending.js';
import { describeDisturbance } from './disturbance.js';
import { describeFollowing } from './following.js';
import { describeIdempotency } from './idempotency.js';
import { describeReading } from './reading.js';
import { describeRevisions } from './revisions.js';

/** One log of its own, empty at the start. */
export interface LogUnderTest {
  /** An instance as a process of its own would have one; closed by `dispose` at the latest. */
  open(): EventLog;
  /** Cuts every connection that instances have to the server now, whatever they are doing. */
  disturb(): Promise<void>;
  dispose(): Promise<void>;
}

export type LogFactory = () => Promise<LogUnderTest>;

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
