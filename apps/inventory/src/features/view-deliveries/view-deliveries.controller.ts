import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { calendarDay, notFound } from '#kernel';
import { answerRevision, ReadsFrom, Requires, type Page } from '#platform';
import { DELIVERIES } from '../../deliveries/deliveries-projector.js';
import type { DeliveryQueries, DeliveryView } from '../../deliveries/delivery-queries.js';
import { DELIVERY_QUERIES } from '../../tokens.js';
import { ViewDeliveriesDto } from './view-deliveries.dto.js';

@ApiTags('inventory')
@Controller('inventory/deliveries')
@Requires('inventory:read')
@ReadsFrom(DELIVERIES)
export class ViewDeliveriesController {
  constructor(@Inject(DELIVERY_QUERIES) private readonly queries: DeliveryQueries) {}

  /** Expected deliveries by the day they are due: delivered against ordered, what is late, and the life left at receipt. */
  @Get()
  @ApiOperation({ summary: 'Expected deliveries by the day they are due.' })
  async list(@Query() { limit = 100, dueBy, ...filter }: ViewDeliveriesDto): Promise<Page<DeliveryView>> {
    return this.queries.list({
      ...filter,
      ...(dueBy !== undefined && { dueBy: calendarDay(dueBy) }),
      limit,
    });
  }

  /** One expected delivery as its stream has it now, with what came of it. */
  @Get(':id')
  @ApiOperation({ summary: 'One expected delivery, and what came of it.' })
  async view(@Param('id') id: string): Promise<DeliveryView> {
    const view = await this.queries.view(id);
    if (!view) throw notFound('delivery-unknown', `no delivery ${id} is expected`);
    answerRevision(view.revision);
    return view.delivery;
  }
}
