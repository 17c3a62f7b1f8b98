import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { answerRevision, expectedRevision, Requires } from '#platform';
import type { Dispatcher } from '../../dispatch/dispatcher.js';
import type { PlannedShipment } from '../../domain/shipment.js';
import { DISPATCHER } from '../../tokens.js';

@ApiTags('shipping')
@Controller('shipping/shipments/:id/dispatch')
export class DispatchShipmentController {
  constructor(@Inject(DISPATCHER) private readonly dispatcher: Dispatcher) {}

  /** Sends the shipment: its stock is issued, then it leaves. Sent again, it answers the same. */
  @Post()
  @HttpCode(200)
  @Requires('shipping:dispatch')
  @ApiUnprocessableEntityResponse({
    description: 'Every reason over all lines: lot-recalled, lot-held, lot-rejected, lot-expired, insufficient-stock …',
  })
  async dispatch(@Param('id') id: string): Promise<PlannedShipment> {
    const { shipment, revision } = await this.dispatcher.dispatch(id, expectedRevision());
    answerRevision(revision);
    return shipment;
  }
}
