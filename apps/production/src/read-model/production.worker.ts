import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { productionProjector } from './projector.js';

/** Keeps items, runs and transformations as they are read. */
@Controller()
export class ProductionWorker {
  @KeepsReadModel(productionProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return productionProjector.apply(context, events);
  }
}
