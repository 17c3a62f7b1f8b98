import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { qualityProjector } from './quality-projector.js';

/** Keeps the lists of inspection plans and nonconformances. */
@Controller()
export class QualityWorker {
  @KeepsReadModel(qualityProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return qualityProjector.apply(context, events);
  }
}
