import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { notFound } from '#kernel';
import { answerPosition, PG_POOL, Requires } from '#platform';
import { findJob, listJobs } from '../../jobs/job-store.js';
import { jobAnswer, type JobAnswer } from './job-answer.js';
import { pageToken, readPageToken, readPerPage } from './page-token.js';

@Controller('epcis/capture')
@ApiTags('capture')
export class CaptureJobsController {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  @Get()
  @Requires('capture:read')
  @ApiOperation({ summary: 'Capture jobs, newest first; `Link: rel="next"` leads to the next page' })
  @ApiQuery({ name: 'perPage', required: false })
  @ApiQuery({ name: 'nextPageToken', required: false })
  async list(
    @Query('perPage') perPage: string | undefined,
    @Query('nextPageToken') token: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer[]> {
    const size = readPerPage(perPage);
    const jobs = await listJobs(this.pool, size + 1, readPageToken(token));
    const page = jobs.slice(0, size);
    const last = page.at(-1);
    if (jobs.length > size && last)
      void reply.header('link', `</epcis/capture?perPage=${size}&nextPageToken=${pageToken(last)}>; rel="next"`);
    return page.map(jobAnswer);
  }

  @Get(':id')
  @Requires('capture:read')
  @ApiOperation({ summary: 'One capture job; `X-Log-Position` is that of its last event' })
  async one(@Param('id') id: string): Promise<JobAnswer> {
    const job = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? await findJob(this.pool, id) : undefined;
    if (!job) throw notFound('no-such-capture-job', `there is no capture job ${id.slice(0, 100)}`);
    if (job.progress.position !== undefined) answerPosition(job.progress.position);
    return jobAnswer(job);
  }
}
