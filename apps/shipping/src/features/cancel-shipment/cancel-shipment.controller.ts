import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, EVENT_LOG, IsText, LOGGER, Requires } from '#platform';
import type { Logger } from 'pino';
import type { Dispatcher } from '../../dispatch/dispatcher.js';
import type { PlannedShipment } from '../../domain/shipment.js';
import { DISPATCHER } from '../../tokens.js';
import { commandShipment } from '../command-shipment.js';

export class CancelShipmentDto {
  @IsText()
  reason!: string;
}

@ApiTags('shipping')
@Controller('shipping/shipments/:id/cancel')
export class CancelShipmentController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DISPATCHER) private readonly dispatcher: Dispatcher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Cancels a shipment that has not left. What is allocated for it is given back. */
  @Post()
  @HttpCode(200)
  @Requires('shipping:write')
  async cancel(@Param('id') id: string, @Body() { reason }: CancelShipmentDto): Promise<PlannedShipment> {
    const shipment = await commandShipment(this.log, id, { type: 'cancel', reason, now: this.clock().toISOString() });
    try {
      await this.dispatcher.letGo(shipment, reason);
    } catch (err) {
      // It is cancelled all the same: the sweeper gives its stock back.
      this.logger.warn({ err, shipment: id }, 'stock of a cancelled shipment is given back later');
    }
    return shipment;
  }
}
