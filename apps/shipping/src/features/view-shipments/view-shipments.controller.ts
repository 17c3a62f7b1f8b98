import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { partyIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import { canonicalId, notFound } from '#kernel';
import {
  answerRevision,
  cursorKey,
  EVENT_LOG,
  IsIdentifier,
  PageDto,
  pageOf,
  PG_POOL,
  PROJECTIONS,
  ReadsFrom,
  Requires,
  type Page,
  type Projections,
} from '#platform';
import type { Pool } from 'pg';
import { foldShipment } from '../../domain/fold-shipment.js';
import { shipmentStream, type PlannedShipment, type ShipmentStatus } from '../../domain/shipment.js';
import { SHIPMENTS } from '../../shipments/shipments-projector.js';

const STATUSES: readonly ShipmentStatus[] = ['planned', 'dispatched', 'delivered', 'cancelled'];

export class ListShipmentsDto extends PageDto {
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
  async list(@Query() dto: ListShipmentsDto): Promise<Page<PlannedShipment>> {
    const { limit = 100 } = dto;
    const [after] = cursorKey(dto.cursor, 1);
    const { rows } = await this.pool.query<{ id: string; state: PlannedShipment }>(
      LIST(await this.projections.schemaOf(SHIPMENTS)),
      [
        dto.status ?? null,
        dto.consignee === undefined ? null : partyIdOf(dto.consignee).id,
        dto.lot === undefined ? null : canonicalId(dto.lot).id,
        after,
        limit + 1,
      ],
    );
    const { items, ...more } = pageOf(rows, limit, (row) => [row.id]);
    return { items: items.map((row) => row.state), ...more };
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
