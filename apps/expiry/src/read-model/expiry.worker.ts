import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { expiryProjector } from './expiry-projector.js';

/** Keeps what expires when and where. */
@Controller()
export class ExpiryWorker {
  @KeepsReadModel(expiryProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return expiryProjector.apply(context, events);
  }
}
