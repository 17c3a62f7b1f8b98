import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { deliveriesProjector } from './deliveries-projector.js';

/** Keeps the expected deliveries and what came of them. */
@Controller()
export class DeliveriesWorker {
  @KeepsReadModel(deliveriesProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return deliveriesProjector.apply(context, events);
  }
}
