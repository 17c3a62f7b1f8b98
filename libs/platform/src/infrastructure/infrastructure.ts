import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { EventBus } from '#event-bus';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';

/** What the process stands on: opened once before Nest starts, closed last. */
export interface Infrastructure {
  config: LotlineConfig;
  pool: Pool;
  log: EventLog;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
  metrics: Registry;
}
