import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import {
  CLOCK,
  EVENT_LOG,
  LOGGER,
  PUBLIC_API,
  repeatedly,
  spontaneousContext,
  type PublicApi,
  type Repeated,
} from '#platform';
import { ProductionQueries } from '../../read-model/queries.js';
import { giveUp } from './record-transformation.js';

const EVERY_MS = 30_000;
/** Longer than any request takes. */
const PATIENCE_MS = 120_000;
const REASON = 'cut short after the stock was asked for';

/** Ends what a request that died between asking for stock and recording the transformation has left behind. */
@Injectable()
export class AttemptSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sweeping: Repeated;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PUBLIC_API) private readonly api: PublicApi,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ProductionQueries) private readonly queries: ProductionQueries,
  ) {
    const failed = 'open attempts were not swept; the next round tries again';
    this.#sweeping = repeatedly(() => this.sweep(), { everyMs: EVERY_MS, logger, failed });
  }

  onApplicationBootstrap(): void {
    this.#sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#sweeping.stop();
  }

  async sweep(patienceMs = PATIENCE_MS): Promise<void> {
    const parts = { log: this.log, api: this.api, clock: this.clock };
    for (const open of await this.queries.openAttempts(new Date(Date.now() - patienceMs))) {
      const { transformation, attempt } = open;
      this.logger.warn({ transformation, attempt }, 'a transformation was cut short and is given up');
      const context = spontaneousContext('production-sweeper');
      const run = open.run ?? undefined;
      await giveUp(parts, { transformation, run, attempt, reason: REASON, issued: true, context });
    }
  }
}
