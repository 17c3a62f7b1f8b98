import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import { Open } from '../auth/requires.js';
import type { Probes } from '../infrastructure/probe.js';
import { within } from '../infrastructure/within.js';
import type { Projections } from '../projections/projections.js';
import { EVENT_LOG, PG_POOL, PROBES, PROJECTIONS } from '../tokens.js';
import { Readiness } from './readiness.js';
import { stateOfReadModels } from './state-of-read-models.js';

const BOUND_MS = 2_000;

const upOrDown = async (work: Promise<unknown>): Promise<'up' | 'down'> =>
  (await within(
    BOUND_MS,
    work.then(() => 'up' as const),
  )) ?? 'down';

/** Open to anyone: it says up or down and never why. */
@Controller('health')
@ApiTags('operations')
@Open()
export class HealthController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PROJECTIONS) private readonly projections: Projections,
    @Inject(PROBES) private readonly probes: Probes,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @HttpCode(200)
  @ApiOperation({ summary: 'The process runs.' })
  @ApiOkResponse({ schema: { example: { status: 'up' } } })
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'The process can take requests: it is not starting or stopping, database and log answer.',
    description:
      'Without its broker, without Redis or with a read model that paused, a process still takes commands and answers with what it has, whose position every answer names: that is told as `degraded`, with 200, since taking it out of service would mend nothing.',
  })
  @ApiOkResponse({
    schema: {
      example: {
        status: 'degraded',
        checks: { process: 'up', database: 'up', log: 'up', projections: 'up', broker: 'down', redis: 'up' },
      },
    },
  })
  @ApiServiceUnavailableResponse({ description: 'The process, the database or the log is down.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const servers = Object.entries(this.probes).map(async ([name, probe]) => [name, await upOrDown(probe())] as const);
    const [database, log, projections, ...others] = await Promise.all([
      upOrDown(this.pool.query('SELECT 1')),
      upOrDown(this.log.head()),
      within(BOUND_MS, stateOfReadModels(this.projections)),
      ...servers,
    ]);
    const needed = { process: this.readiness.get() ? 'up' : 'down', database, log };
    const checks = { ...needed, projections: projections ?? 'down', ...Object.fromEntries(others) };
    const isReady = Object.values(needed).every((check) => check === 'up');
    const isWhole = Object.values(checks).every((check) => check === 'up');
    void reply.status(isReady ? 200 : 503);
    return { status: isReady ? (isWhole ? 'up' : 'degraded') : 'down', checks };
  }
}
