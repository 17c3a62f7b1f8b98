import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { PG_POOL, ReadsFrom, Requires } from '#platform';
import type { Pool } from 'pg';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { type LotDateTrail, viewDates } from './view-dates.js';

@ApiTags('expiry')
@Controller('expiry/lots/:id/dates')
export class ViewDatesController {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  @ApiOperation({
    summary: 'Where the dates of a lot come from, and who changed them why.',
    description:
      'The dates that hold, which of them follow from which inputs by which rule, and in `trail` all that was ever said of them: ' +
      'statements of facts and decisions with reason, actor and the dates that held before. Dates are changed by ' +
      'POST /inventory/lots/{id}/dates.',
  })
  @ApiParam({ name: 'id', description: 'Any id form.', example: 'https://id.gs1.org/01/09506000134352/10/MILK-0419' })
  @Get()
  @Requires('expiry:read')
  @ReadsFrom(EXPIRY)
  async view(@Param('id') id: string): Promise<LotDateTrail> {
    return viewDates(this.pool, id);
  }
}
