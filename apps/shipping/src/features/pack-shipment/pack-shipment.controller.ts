import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { unitIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { CLOCK, EVENT_LOG, IsIdentifier, IsInstant, Requires } from '#platform';
import type { PlannedShipment } from '../../domain/shipment.js';
import { commandShipment } from '../command-shipment.js';
import { ShipmentLineDto } from '../line.dto.js';
import { lineOf } from '../lines.js';

export class PackShipmentDto {
  /** SSCC of the logistic unit. */
  @IsIdentifier()
  unit!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => ShipmentLineDto)
  contents!: ShipmentLineDto[];

  /** When it was packed; now where absent. */
  @IsOptional()
  @IsInstant()
  packedAt?: string;
}

@ApiTags('shipping')
@Controller('shipping/shipments/:id/units')
export class PackShipmentController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Packs lots of the shipment into a logistic unit. What is packed into none leaves loose. */
  @Post()
  @HttpCode(201)
  @Requires('shipping:write')
  async pack(@Param('id') id: string, @Body() dto: PackShipmentDto): Promise<PlannedShipment> {
    return commandShipment(this.log, id, {
      type: 'pack',
      unit: unitIdOf(dto.unit).id,
      contents: dto.contents.map(lineOf),
      at: dto.packedAt,
      now: this.clock().toISOString(),
    });
  }
}
