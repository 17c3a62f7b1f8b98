import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { partyIdOf, placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, commandContext, EVENT_LOG, Requires } from '#platform';
import type { DeliveryQueries, DeliveryView } from '../../deliveries/delivery-queries.js';
import type { Announcement } from '../../domain/delivery/delivery.js';
import { itemNamed } from '../../domain/stock-stream.js';
import { DELIVERY_QUERIES } from '../../tokens.js';
import { commandDelivery } from '../command-delivery.js';
import { defined } from '../defined.js';
import { ownIdOf } from '../own-id.js';
import { AnnounceDeliveryDto } from './announce-delivery.dto.js';

const announcementOf = (dto: AnnounceDeliveryDto, delivery: string): Announcement => ({
  delivery,
  supplier: partyIdOf(dto.supplier).id,
  ...defined({ document: dto.document, place: dto.place === undefined ? undefined : placeIdOf(dto.place).id }),
  due: dto.due,
  lines: dto.lines.map(({ item, amount, supplierLot, minRemainingDays = dto.minRemainingDays }) => ({
    item: itemNamed(item),
    amount: { value: amount.value, unit: amount.unit },
    ...defined({ supplierLot, minRemainingDays }),
  })),
});

@ApiTags('inventory')
@Controller('inventory/deliveries')
export class AnnounceDeliveryController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DELIVERY_QUERIES) private readonly queries: DeliveryQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Announces a delivery. Receipts that name it are counted against it, also those that came before. */
  @Post()
  @HttpCode(201)
  @Requires('inventory:write')
  @ApiOperation({ summary: 'Announce a delivery that is expected from a supplier.' })
  async announce(@Body() dto: AnnounceDeliveryDto): Promise<DeliveryView> {
    const delivery = ownIdOf(commandContext(), dto.delivery);
    const announcement = announcementOf(dto, delivery);
    return commandDelivery({ log: this.log, queries: this.queries }, delivery, {
      type: 'announce',
      announcement,
      now: this.clock().toISOString(),
    });
  }
}
