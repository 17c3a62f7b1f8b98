import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { partyIdOf, placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { uuidFromName, type Clock } from '#kernel';
import { CLOCK, commandContext, EVENT_LOG, IsDay, IsIdentifier, IsOwnId, IsText, Requires } from '#platform';
import type { Plan, PlannedShipment } from '../../domain/shipment.js';
import { commandShipment } from '../command-shipment.js';
import { ShipmentLineDto } from '../line.dto.js';
import { lineOf } from '../lines.js';

export class PlanShipmentDto {
  /** The caller's id of the shipment; made up where absent. */
  @IsOptional()
  @IsOwnId()
  shipment?: string;

  /** The place it leaves. */
  @IsIdentifier()
  from!: string;

  /** The party that gets it. */
  @IsIdentifier()
  consignee!: string;

  /** The place it goes to, where known. */
  @IsOptional()
  @IsIdentifier()
  to?: string;

  /** When it is due there. */
  @IsOptional()
  @IsDay()
  due?: string;

  @IsOptional()
  @IsText(256)
  document?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ShipmentLineDto)
  lines!: ShipmentLineDto[];
}

const planOf = (dto: PlanShipmentDto, shipment: string): Plan => ({
  shipment,
  from: placeIdOf(dto.from).id,
  consignee: partyIdOf(dto.consignee).id,
  ...(dto.to !== undefined && { to: placeIdOf(dto.to).id }),
  ...(dto.due !== undefined && { due: dto.due }),
  ...(dto.document !== undefined && { document: dto.document }),
  lines: dto.lines.map(lineOf),
});

@ApiTags('shipping')
@Controller('shipping/shipments')
export class PlanShipmentController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Plans a shipment. Nothing is promised by it: stock is allocated in inventory, and issued when it is dispatched. */
  @Post()
  @HttpCode(201)
  @Requires('shipping:write')
  async plan(@Body() dto: PlanShipmentDto): Promise<PlannedShipment> {
    const shipment = dto.shipment ?? uuidFromName(`own-id:${commandContext().eventSeed}`);
    const now = this.clock().toISOString();
    return commandShipment(this.log, shipment, { type: 'plan', plan: planOf(dto, shipment), now });
  }
}
