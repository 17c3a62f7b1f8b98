import { Controller, Inject, type Type } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import type { Webhooks } from '#webhooks';
import { ReactsTo } from '../workers/reacts-to.js';
import type { WebhookFeature } from './webhooks-of.js';

/** Follows the log and makes a delivery of each event for each endpoint; handled twice, it makes none the second time. */
export const tellWebhooks = (
  { context, event, about }: Pick<WebhookFeature, 'context' | 'event' | 'about'>,
  token: symbol,
): Type => {
  @Controller()
  class TellWebhooks {
    constructor(@Inject(token) private readonly webhooks: Webhooks) {}

    @ReactsTo({ name: `${context}-webhooks`, handles: new Map([[event.type, event.version]]), batchSize: 500 })
    async tell(@Payload() events: readonly RecordedEvent[]): Promise<void> {
      await this.webhooks.tell(events, ({ data }) => about(data));
    }
  }
  return TellWebhooks;
};
