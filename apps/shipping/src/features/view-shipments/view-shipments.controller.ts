import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { partyIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, notFound } from '#kernel';
import {
  answerRevision,
  EVENT_LOG,
  IsIdentifier,
  IsOwnId,
  PG_POOL,
  PROJECTIONS,
  ReadsFrom,
  Requires,
  type Projections,
} from '#platform';
import type { Pool } from 'pg';
import { foldShipment } from '../../domain/fold-shipment.js';
import { shipmentStream, type PlannedShipment, type ShipmentStatus } from '../../domain/shipment.js';
import { SHIPMENTS } from '../../shipments/shipments-projector.js';

const STATUSES: readonly ShipmentStatus[] = ['planned', 'dispatched', 'delivered', 'cancelled'];

export class ListShipmentsDto {
  @IsOptional()
  @IsIn(STATUSES)
  status?: ShipmentStatus;

  @IsOptional()
  @IsIdentifier()
  consignee?: string;

  /** Shipments that carry this lot. */
  @IsOptional()
  @IsIdentifier()
  lot?: string;

  /** `next` of the page before: the last shipment of it. */
  @IsOptional()
  @IsOwnId()
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

const LIST = (s: string): string => `
SELECT id, state FROM ${s}.shipments
WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR consignee = $2)
  AND ($3::text IS NULL OR lots @> ARRAY[$3]) AND ($4::text IS NULL OR id > $4)
ORDER BY id LIMIT $5`;

@ApiTags('shipping')
@Controller('shipping/shipments')
export class ViewShipmentsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(PROJECTIONS) private readonly projections: Projections,
  ) {}

  /** Shipments in order of their ids. */
  @Get()
  @Requires('shipping:read')
  @ReadsFrom(SHIPMENTS)
  async list(@Query() dto: ListShipmentsDto): Promise<{ items: PlannedShipment[]; next?: string }> {
    const { limit = 100 } = dto;
    const { rows } = await this.pool.query<{ id: string; state: PlannedShipment }>(
      LIST(await this.projections.schemaOf(SHIPMENTS)),
      [
        dto.status ?? null,
        dto.consignee === undefined ? null : partyIdOf(dto.consignee).id,
        dto.lot === undefined ? null : canonicalId(dto.lot).id,
        dto.cursor ?? null,
        limit + 1,
      ],
    );
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map((row) => row.state),
      ...(rows.length > limit && last !== undefined && { next: last.id }),
    };
  }

  /** One shipment as its stream has it now. */
  @Get(':id')
  @Requires('shipping:read')
  async view(@Param('id') id: string): Promise<PlannedShipment> {
    const events = await this.log.readStream(shipmentStream(id));
    const shipment = foldShipment(events);
    if (!shipment) throw notFound('shipment-unknown', `there is no shipment ${id}`);
    answerRevision(events.at(-1)?.revision ?? -1);
    return shipment;
  }
}
