import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER } from '#platform';
import type { Logger } from 'pino';
import { DISPATCH_SWEEPER } from '../tokens.js';
import type { DispatchSweeper } from './dispatch-sweeper.js';

const EVERY_MS = 30_000;
/** Far longer than any request of ours may take. */
const GRACE_MS = 120_000;

/** Sweeps in the background, one round at a time; any number of processes may. */
@Injectable()
export class SweepDispatches implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(DISPATCH_SWEEPER) private readonly sweeper: DispatchSweeper,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(async () => this.once());
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.sweeper.sweep(GRACE_MS);
      await this.sweeper.sweepPromises();
    } catch (err) {
      this.logger.warn({ err }, 'dispatches were not swept; the next round tries again');
    }
  }
}
