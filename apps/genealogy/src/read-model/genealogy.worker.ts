import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { genealogyProjector } from './genealogy-projector.js';

/** Keeps the lots, transformations and movements that queries read. */
@Controller()
export class GenealogyWorker {
  @KeepsReadModel(genealogyProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return genealogyProjector.apply(context, events);
  }
}
