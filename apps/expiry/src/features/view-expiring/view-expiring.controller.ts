import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { canonicalId, type Clock } from '#kernel';
import { CLOCK, CONFIG, type LotlineConfig, PG_POOL, ReadsFrom, Requires, type PageAt } from '#platform';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { ViewExpiringDto } from './view-expiring.dto.js';
import { type ExpiringLot, viewExpiring } from './view-expiring.js';

@ApiTags('expiry')
@Controller('expiry/lots')
export class ViewExpiringController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  /** What expires when and how much of it is where; `fefo` numbers what may be taken, first expired, first out. */
  @Get()
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async list(@Query() dto: ViewExpiringDto): Promise<PageAt<ExpiringLot>> {
    const ours = this.config.ownParties.map((id) => canonicalId(id).id);
    return viewExpiring(this.pool, dto, this.clock().toISOString().slice(0, 10), ours);
  }
}
