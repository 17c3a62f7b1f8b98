import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Webhooks } from '#webhooks';
import { repeatedly, type Repeated } from '../background/repeatedly.js';
import type { WebhookMetrics } from './observe-webhooks.js';

const SWEEP_EVERY_MS = 5_000;

/**
 * Sends in this process, from its start to its stop. What the queue forgot, or could not be told, the sweep finds in the rows.
 */
export class KeepSending implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeping: Repeated;

  constructor(
    private readonly context: string,
    private readonly webhooks: Webhooks,
    private readonly metrics: WebhookMetrics,
    private readonly logger: Logger,
  ) {
    const failed = `a sweep of the webhooks of ${context} failed; the next one tries again`;
    this.sweeping = repeatedly(() => this.sweep(), { everyMs: SWEEP_EVERY_MS, logger, failed });
  }

  async onApplicationBootstrap(): Promise<void> {
    const { sender } = this.webhooks;
    await sender?.start();
    if (!sender && (await this.webhooks.list([null, null], 1)).length > 0)
      this.logger.error(
        { context: this.context },
        'there are webhooks, and nothing is sent to them: LOTLINE_SECRETS_KEY is not set',
      );
    this.sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.sweeping.stop(), this.webhooks.sender?.stop()]);
  }

  private async sweep(): Promise<void> {
    this.metrics.counted(await this.webhooks.counts());
    await this.webhooks.sender?.sweep();
  }
}
