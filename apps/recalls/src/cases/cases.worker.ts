import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { casesProjector } from './cases-projector.js';

/** Keeps every case as its stream has it. */
@Controller()
export class CasesWorker {
  @KeepsReadModel(casesProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return casesProjector.apply(context, events);
  }
}
