import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, EVENT_LOG, IsIdentifier, IsInstant, IsText, Requires } from '#platform';
import type { PlannedShipment } from '../../domain/shipment.js';
import { commandShipment } from '../command-shipment.js';
import { LoadDto } from '../line.dto.js';
import { loadOf } from '../lines.js';

export class DeliverShipmentDto {
  /** Where it arrived; where it was sent to, where absent. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** What arrived; all that left, where absent. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => LoadDto)
  loads?: LoadDto[];

  /** Proof of delivery. */
  @IsOptional()
  @IsText(256)
  document?: string;

  /** When it arrived; now where absent. */
  @IsOptional()
  @IsInstant()
  deliveredAt?: string;
}

@ApiTags('shipping')
@Controller('shipping/shipments/:id/delivery')
export class DeliverShipmentController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Records that the consignee has the shipment, or what of it arrived. */
  @Post()
  @HttpCode(200)
  @Requires('shipping:write')
  async deliver(@Param('id') id: string, @Body() dto: DeliverShipmentDto): Promise<PlannedShipment> {
    return commandShipment(this.log, id, {
      type: 'deliver',
      place: dto.place === undefined ? undefined : placeIdOf(dto.place).id,
      loads: dto.loads?.map(loadOf),
      document: dto.document,
      at: dto.deliveredAt,
      now: this.clock().toISOString(),
    });
  }
}
