import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, repeatedly, type Repeated } from '#platform';
import type { Logger } from 'pino';
import { DISPATCH_SWEEPER } from '../tokens.js';
import type { DispatchSweeper } from './dispatch-sweeper.js';

const EVERY_MS = 30_000;
/** Far longer than any request of ours may take. */
const GRACE_MS = 120_000;

/** Sweeps in the background, one round at a time; any number of processes may. */
@Injectable()
export class SweepDispatches implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sweeping: Repeated;

  constructor(@Inject(DISPATCH_SWEEPER) sweeper: DispatchSweeper, @Inject(LOGGER) logger: Logger) {
    const round = async (): Promise<void> => {
      await sweeper.sweep(GRACE_MS);
      await sweeper.sweepPromises();
    };
    const failed = 'dispatches were not swept; the next round tries again';
    this.#sweeping = repeatedly(round, { everyMs: EVERY_MS, logger, failed });
  }

  onApplicationBootstrap(): void {
    this.#sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#sweeping.stop();
  }
}
