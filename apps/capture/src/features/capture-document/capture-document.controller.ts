import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { readEpcisDocument } from '#contracts';
import { type Clock, malformed } from '#kernel';
import { CLOCK, PG_POOL, RawJson, Requires, TakesNoIfMatch } from '#platform';
import { begun, type CaptureJob } from '../../domain/capture-job.js';
import { parseBody } from '../../domain/parse-body.js';
import { JobRunner } from '../../jobs/job-runner.js';
import { insertJob } from '../../jobs/job-store.js';
import { jobAnswer, type JobAnswer } from '../capture-jobs/job-answer.js';
import { requireContentType } from '../content-type.js';
import { requestMeta } from '../request-meta.js';
import { errorBehaviour } from './error-behaviour.js';

/** EPCIS 2.0 section 12.6: the document is durable when it is accepted, its events follow. */
@Controller('epcis/capture')
@TakesNoIfMatch()
@ApiTags('capture')
export class CaptureDocumentController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JobRunner) private readonly runner: JobRunner,
  ) {}

  @Post()
  @HttpCode(202)
  @RawJson()
  @Requires('capture:write')
  @ApiOperation({ summary: 'Capture an EPCIS 2.0 document' })
  @ApiConsumes('application/json', 'application/ld+json')
  @ApiBody({ schema: { type: 'object', description: 'an EPCISDocument or EPCISQueryDocument' } })
  @ApiHeader({
    name: 'GS1-Capture-Error-Behaviour',
    required: false,
    schema: { enum: ['rollback', 'proceed'], default: 'rollback' },
  })
  @ApiResponse({ status: 202, description: 'Durable; `Location` is the capture job.' })
  @ApiResponse({ status: 400, description: 'Not JSON, or the envelope of the document is not valid.' })
  async capture(
    @Body() body: unknown,
    @Headers('content-type') contentType: string | undefined,
    @Headers('gs1-capture-error-behaviour') behaviourHeader: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer> {
    requireContentType(contentType, 'application/json', 'application/ld+json');
    const behaviour = errorBehaviour(behaviourHeader);
    const value = parseBody(body);
    const read = readEpcisDocument(value);
    if ('problems' in read)
      throw malformed('invalid-document', 'the document is no valid EPCIS 2.0 document', read.problems);
    const { sender } = value as { sender?: unknown };
    const job: CaptureJob = {
      id: randomUUID(),
      createdAt: this.clock().toISOString(),
      finishedAt: null,
      success: null,
      behaviour,
      meta: requestMeta(typeof sender === 'string' && sender !== '' ? sender : undefined),
      progress: begun,
    };
    await insertJob(this.pool, job, body as string);
    this.runner.submit(job.id, read.document);
    void reply.header('location', `/epcis/capture/${job.id}`);
    void reply.header('gs1-capture-error-behaviour', behaviour);
    return jobAnswer(job);
  }
}
