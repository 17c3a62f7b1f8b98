import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { shipmentsProjector } from './shipments-projector.js';

/** Keeps the shipments as lists show them. */
@Controller()
export class ShipmentsWorker {
  @KeepsReadModel(shipmentsProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return shipmentsProjector.apply(context, events);
  }
}
