import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { EventLog } from '#event-log';
import type { Jobs } from '#jobs';
import type { Clock } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';
import type { Distribution } from './distribution.js';

/** What the process stands on: opened once before Nest starts, closed last. */
export interface Infrastructure extends Omit<Distribution, 'close'> {
  config: LotlineConfig;
  pool: Pool;
  log: EventLog;
  jobs: Jobs;
  clock: Clock;
  logger: Logger;
  metrics: Registry;
}
