import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PG_POOL, ReadsFrom, Requires, type PageAt } from '#platform';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { ViewExpiringDto } from './view-expiring.dto.js';
import { type ExpiringLot, viewExpiring } from './view-expiring.js';

@ApiTags('expiry')
@Controller('expiry/lots')
export class ViewExpiringController {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  /** What expires when, how much of it is where, in the order first expired, first out. */
  @Get()
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async list(@Query() dto: ViewExpiringDto): Promise<PageAt<ExpiringLot>> {
    return viewExpiring(this.pool, dto);
  }
}
