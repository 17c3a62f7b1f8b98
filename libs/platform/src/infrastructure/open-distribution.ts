import type { Logger } from 'pino';
import type { EventLog } from '#event-log';
import type { LotlineConfig } from '../config/lotline-config.js';
import type { Distribution } from './distribution.js';
import { openKafkaDistribution } from './kafka/open-kafka-distribution.js';
import { openLogTailDistribution } from './open-log-tail-distribution.js';

export interface DistributionOptions {
  config: LotlineConfig;
  log: EventLog;
  logger: Logger;
  /** The app's name. */
  name: string;
}

const OPENERS: Readonly<Record<LotlineConfig['profile'], (options: DistributionOptions) => Distribution>> = {
  standalone: openLogTailDistribution,
  cluster: openKafkaDistribution,
};

/** How the profile distributes. Nothing is connected before it is used. */
export const openDistribution = (options: DistributionOptions): Distribution =>
  OPENERS[options.config.profile](options);
