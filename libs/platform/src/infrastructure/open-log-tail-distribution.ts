import { createLogTailBus } from '#event-bus';
import { LotlineError } from '#kernel';
import type { Distribution } from './distribution.js';
import { keyOf } from './key-of.js';
import { noRecords } from './no-records.js';
import type { DistributionOptions } from './open-distribution.js';

/** Without a broker: workers follow the log themselves. */
export const openLogTailDistribution = ({ config, log, logger }: DistributionOptions): Distribution => {
  const bus = createLogTailBus({ log, keyOf, partitions: config.partitions });
  return {
    bus,
    publisher: {
      publish: () => Promise.reject(new LotlineError('unavailable', 'no-broker', 'this profile has no broker')),
      close: () => Promise.resolve(),
    },
    records: noRecords(logger),
    probes: {},
    lag: () => Promise.resolve([]),
    close: () => bus.close(),
  };
};
