import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import { Open } from '../auth/requires.js';
import type { Projections } from '../projections/projections.js';
import { EVENT_LOG, PG_POOL, PROJECTIONS } from '../tokens.js';
import { Readiness } from './readiness.js';

const BOUND_MS = 2_000;

/** Open to anyone: it says up or down and never why. */
@Controller('health')
@ApiTags('operations')
@Open()
export class HealthController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PROJECTIONS) private readonly projections: Projections,
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
    summary: 'The process can do its work: database, log and projections answer, and it is not stopping.',
  })
  @ApiOkResponse({
    schema: { example: { status: 'up', checks: { process: 'up', database: 'up', log: 'up', projections: 'up' } } },
  })
  @ApiServiceUnavailableResponse({ description: 'One of the checks is down.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const [database, log, projections] = await Promise.all([
      answers(this.pool.query('SELECT 1')),
      answers(this.log.head()),
      answers(this.projections.states()),
    ]);
    const checks = { process: this.readiness.get() ? 'up' : 'down', database, log, projections };
    const up = Object.values(checks).every((check) => check === 'up');
    void reply.status(up ? 200 : 503);
    return { status: up ? 'up' : 'down', checks };
  }
}

const answers = async (work: Promise<unknown>): Promise<'up' | 'down'> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => {
    timer = setTimeout(() => resolve('down'), BOUND_MS);
  });
  const result = await Promise.race([
    work.then(
      () => 'up' as const,
      () => 'down' as const,
    ),
    late,
  ]);
  clearTimeout(timer);
  return result;
};
