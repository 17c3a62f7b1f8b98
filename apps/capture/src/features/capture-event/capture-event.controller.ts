import { Body, Controller, Headers, Inject, Post, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { EventLog } from '#event-log';
import { LotlineError, malformed } from '#kernel';
import { EVENT_LOG, RawJson, Requires, TakesNoIfMatch } from '#platform';
import { parseBody } from '../../domain/parse-body.js';
import { captureFacts } from '../../jobs/capture-facts.js';
import { requireContentType } from '../content-type.js';
import { requestMeta } from '../request-meta.js';

interface CapturedEventAnswer {
  eventID: string;
  recordTime: string;
  position: string;
  /** It was recorded before, with the same content. */
  duplicate: boolean;
}

/** EPCIS 2.0 section 12.5: one bare event, recorded when it is answered. */
@Controller('epcis/events')
@TakesNoIfMatch()
@ApiTags('capture')
export class CaptureEventController {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  @Post()
  @RawJson()
  @Requires('capture:write')
  @ApiOperation({ summary: 'Capture one EPCIS 2.0 event' })
  @ApiConsumes('application/json', 'application/ld+json')
  @ApiBody({ schema: { type: 'object', description: 'an EPCIS event, with its own @context where it has extensions' } })
  @ApiResponse({ status: 201, description: 'Recorded; `Location` is the event.' })
  @ApiResponse({ status: 200, description: 'Recorded before with the same content.' })
  @ApiResponse({ status: 409, description: 'An event with this id and other content was recorded before.' })
  async capture(
    @Body() body: unknown,
    @Headers('content-type') contentType: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CapturedEventAnswer> {
    requireContentType(contentType, 'application/json', 'application/ld+json');
    const value = parseBody(body);
    const source = { context: { prefixes: {}, contexts: [] }, meta: requestMeta() };
    const [captured] = await captureFacts(this.log, [{ kind: 'epcis-event', value, source }]);
    if (!captured) throw new Error('an event has no outcome');
    if (captured.result === 'refused') {
      const problems = captured.problems.map((problem) => ({
        ...(captured.eventId !== undefined && { id: captured.eventId }),
        ...problem,
      }));
      throw captured.conflict
        ? new LotlineError(
            'conflict',
            'id-conflict',
            'an event with this id and other content was recorded before',
            problems,
          )
        : malformed('invalid-event', 'the event is no valid EPCIS 2.0 event', problems);
    }
    const { eventId, recordTime, position, result } = captured;
    void reply.status(result === 'recorded' ? 201 : 200);
    void reply.header('location', `/epcis/events/${encodeURIComponent(eventId)}`);
    return { eventID: eventId, recordTime, position, duplicate: result === 'duplicate' };
  }
}
