import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, EVENT_LOG, IsText, Requires } from '#platform';
import type { PlannedShipment } from '../../domain/shipment.js';
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
  ) {}

  /** Cancels a shipment that has not left. */
  @Post()
  @HttpCode(200)
  @Requires('shipping:write')
  async cancel(@Param('id') id: string, @Body() { reason }: CancelShipmentDto): Promise<PlannedShipment> {
    return commandShipment(this.log, id, { type: 'cancel', reason, now: this.clock().toISOString() });
  }
}
