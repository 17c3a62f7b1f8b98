import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { canonicalId, type Clock } from '#kernel';
import { CLOCK, CONFIG, type LotlineConfig, PG_POOL, ReadsFrom, Requires, type PageAt } from '#platform';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { ValueAtRiskDto } from './value-at-risk.dto.js';
import { valueAtRisk, type WeekAtRisk } from './value-at-risk.js';

@ApiTags('expiry')
@Controller('expiry/value-at-risk')
export class ValueAtRiskController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  @ApiOperation({
    summary: 'What expires in which week at which site, and what it is worth.',
    description:
      'Stock on hand by the ISO week of its expiry day (else best-before), amounts by item and unit, money where the cost of the ' +
      "item is known; `expired` is the part whose day has passed by the site's own clock. A page is so many weeks at sites.",
  })
  @Get()
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async list(@Query() dto: ValueAtRiskDto): Promise<PageAt<WeekAtRisk>> {
    const { ownParties, timeZone } = this.config;
    const ours = ownParties.map((id) => canonicalId(id).id);
    return valueAtRisk(this.pool, dto, { now: this.clock(), ours, timeZone });
  }
}
