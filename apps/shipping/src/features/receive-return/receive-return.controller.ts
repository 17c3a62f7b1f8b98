import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import type { EventLog } from '#event-log';
import { uuidFromName, type Clock } from '#kernel';
import { CLOCK, commandContext, EVENT_LOG, IsInstant, IsOwnId, IsText, Requires } from '#platform';
import type { PlannedShipment } from '../../domain/shipment.js';
import { commandShipment } from '../command-shipment.js';
import { ReturnLineDto } from '../line.dto.js';
import { returnLineOf } from '../lines.js';

export class ReceiveReturnDto {
  /** The caller's id of this return; made up where absent. */
  @IsOptional()
  @IsOwnId()
  return?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ReturnLineDto)
  lines!: ReturnLineDto[];

  @IsText()
  reason!: string;

  /** When it came back; now where absent. */
  @IsOptional()
  @IsInstant()
  returnedAt?: string;
}

@ApiTags('shipping')
@Controller('shipping/shipments/:id/returns')
export class ReceiveReturnController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Records goods of the shipment that came back. */
  @Post()
  @HttpCode(201)
  @Requires('shipping:write')
  async receive(@Param('id') id: string, @Body() dto: ReceiveReturnDto): Promise<PlannedShipment> {
    return commandShipment(this.log, id, {
      type: 'return',
      return: dto.return ?? uuidFromName(`own-id:${commandContext().eventSeed}`),
      lines: dto.lines.map(returnLineOf),
      reason: dto.reason,
      at: dto.returnedAt,
      now: this.clock().toISOString(),
    });
  }
}
