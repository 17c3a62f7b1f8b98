import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { canonicalId } from '#kernel';
import { CONFIG, type LotlineConfig, PG_POOL, ReadsFrom, Requires, type PageAt } from '#platform';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { ViewAlertsDto } from './view-alerts.dto.js';
import { type ViewedAlert, viewAlerts } from './view-alerts.js';

@ApiTags('expiry')
@Controller('expiry/alerts')
export class ViewAlertsController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  /** What was told of lots that come near a date of theirs, and whether it still stands. */
  @ApiOperation({
    summary: 'Expiry alerts that were raised, by the day they are about.',
    description:
      '`told` is the alert as it was raised, with the stock of that moment; `open` says whether it still stands: the lot has ' +
      'that date, some of it is on hand at the site, and no later alert (with a smaller lead) was raised for it.',
  })
  @Get()
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async list(@Query() dto: ViewAlertsDto): Promise<PageAt<ViewedAlert>> {
    const { ownParties, timeZone } = this.config;
    return viewAlerts(this.pool, dto, { ours: ownParties.map((id) => canonicalId(id).id), timeZone });
  }
}
