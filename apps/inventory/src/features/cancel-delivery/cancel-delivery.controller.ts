import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, EVENT_LOG, IsText, Requires } from '#platform';
import type { DeliveryQueries, DeliveryView } from '../../deliveries/delivery-queries.js';
import { DELIVERY_QUERIES } from '../../tokens.js';
import { commandDelivery } from '../command-delivery.js';

export class CancelDeliveryDto {
  @ApiProperty({ example: 'supplier cannot deliver' })
  @IsText()
  reason!: string;
}

@ApiTags('inventory')
@Controller('inventory/deliveries/:id/cancel')
export class CancelDeliveryController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DELIVERY_QUERIES) private readonly queries: DeliveryQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What has not come of it is expected no more; what came stays received. */
  @Post()
  @HttpCode(200)
  @Requires('inventory:write')
  @ApiOperation({ summary: 'Expect an announced delivery, or the rest of it, no more.' })
  async cancel(@Param('id') id: string, @Body() { reason }: CancelDeliveryDto): Promise<DeliveryView> {
    return commandDelivery({ log: this.log, queries: this.queries }, id, {
      type: 'cancel',
      delivery: id,
      reason,
      now: this.clock().toISOString(),
    });
  }
}
