import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RecordedEvent } from '#contracts';
import { KeepsReadModel, ReadModelContext } from '#platform';
import { stockProjector } from './stock-projector.js';

/** Keeps the known stock that decisions are made on. */
@Controller()
export class StockWorker {
  @KeepsReadModel(stockProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return stockProjector.apply(context, events);
  }
}
