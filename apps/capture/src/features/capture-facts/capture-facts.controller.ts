import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { EventLog } from '#event-log';
import { LotlineError, malformed, type Problem } from '#kernel';
import { EVENT_LOG, RawJson, Requires, TakesNoIfMatch } from '#platform';
import { parseBody } from '../../domain/parse-body.js';
import { captureFacts, type Captured } from '../../jobs/capture-facts.js';
import { requireContentType } from '../content-type.js';
import { requestMeta } from '../request-meta.js';

interface FactsAnswer {
  recorded: number;
  duplicates: number;
  refused: Problem[];
}

const SINGLE = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

/** Native facts as CloudEvents 1.0 in JSON format, one or many. */
@Controller('events')
@TakesNoIfMatch()
@ApiTags('capture')
export class CaptureFactsController {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  @Post()
  @HttpCode(202)
  @RawJson()
  @Requires('capture:write')
  @ApiOperation({ summary: 'Capture native facts; the types and their data are in the event catalogue' })
  @ApiConsumes(SINGLE, BATCH, 'application/json')
  @ApiBody({ schema: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] } })
  @ApiResponse({ status: 202, description: 'At least one was taken; the others are named with their reasons.' })
  @ApiResponse({ status: 409, description: 'A single fact whose id was recorded before with other content.' })
  @ApiResponse({ status: 422, description: 'None was taken.' })
  async capture(@Body() body: unknown, @Headers('content-type') contentType: string | undefined): Promise<FactsAnswer> {
    requireContentType(contentType, SINGLE, BATCH, 'application/json');
    const value = parseBody(body);
    requireForm(contentType ?? '', value);
    const items: unknown[] = Array.isArray(value) ? value : [value];
    if (items.length === 0) throw emptyList();
    const meta = requestMeta();
    const captured = await captureFacts(
      this.log,
      items.map((item) => ({ kind: 'cloud-event', value: item, meta })),
    );
    return answerOf(captured, Array.isArray(value));
  }
}

/** A content type that says single or batch is held to it. */
const requireForm = (contentType: string, value: unknown): void => {
  const wanted = contentType.startsWith(BATCH) ? 'a list' : contentType.startsWith(SINGLE) ? 'one event' : undefined;
  if (wanted === undefined || Array.isArray(value) === (wanted === 'a list')) return;
  throw malformed('wrong-form', `the content type announces ${wanted}`, [
    {
      code: 'wrong-form',
      message: 'content type and body differ',
      field: '',
      found: Array.isArray(value) ? 'a list' : 'one event',
      expected: wanted,
    },
  ]);
};

const emptyList = (): LotlineError =>
  malformed('empty', 'the list has no event', [
    {
      code: 'empty',
      message: 'the list has no event',
      field: '',
      found: 'a list of 0',
      expected: 'at least one event',
    },
  ]);

/** @throws LotlineError where none was taken: `no-fact-taken` (422), or `id-conflict` (409) of a single fact. */
const answerOf = (captured: readonly Captured[], batch: boolean): FactsAnswer => {
  const refused = captured.flatMap((outcome, index): Problem[] =>
    outcome.result === 'refused'
      ? outcome.problems.map((problem) => ({
          index,
          ...(outcome.eventId !== undefined && { id: outcome.eventId }),
          ...problem,
        }))
      : [],
  );
  const recorded = captured.filter(({ result }) => result === 'recorded').length;
  const duplicates = captured.filter(({ result }) => result === 'duplicate').length;
  const answer = { recorded, duplicates, refused };
  if (recorded + duplicates > 0) return answer;
  const [only] = captured;
  throw !batch && only?.result === 'refused' && only.conflict
    ? new LotlineError('conflict', 'id-conflict', 'a fact with this id and other content was recorded before', refused)
    : new LotlineError('refused', 'no-fact-taken', 'none of the facts was taken', refused, { ...answer });
};
