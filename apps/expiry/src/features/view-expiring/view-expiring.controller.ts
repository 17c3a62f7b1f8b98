import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
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
  @ApiOperation({
    summary: 'What expires when and how much of it is where.',
    description:
      '`fefo` is the place in the order first expired, first out, among the lots of an item that may be taken today: with ' +
      "stock that is no partner's, not held, rejected, in quarantine or past their expiry date by the clock of its site. It is " +
      'null for all others.',
  })
  @Get()
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async list(@Query() dto: ViewExpiringDto): Promise<PageAt<ExpiringLot>> {
    const { ownParties, timeZone } = this.config;
    const ours = ownParties.map((id) => canonicalId(id).id);
    return viewExpiring(this.pool, dto, { now: this.clock(), ours, timeZone });
  }
}
