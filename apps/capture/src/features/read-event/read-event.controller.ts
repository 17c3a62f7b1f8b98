import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { canonicalEventId, type DataOf, EpcisEventCaptured, factStream, writeContext } from '#contracts';
import type { EventLog } from '#event-log';
import { notFound } from '#kernel';
import { EVENT_LOG, Requires } from '#platform';

/** EPCIS 2.0 section 12.4: the original, with what the repository adds. */
@Controller('epcis/events')
@ApiTags('capture')
export class ReadEventController {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  @Get(':eventID')
  @Requires('capture:read')
  @ApiOperation({
    summary: 'The original of an event, with its `recordTime`; where only its error declaration is known, that one',
  })
  async read(@Param('eventID') eventID: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const recorded = (await this.log.readStream(factStream(canonicalEventId(eventID)))).filter(
      (event) => event.type === EpcisEventCaptured.type,
    );
    const original =
      recorded.find((event) => !(event.data as DataOf<typeof EpcisEventCaptured>).declaration) ?? recorded[0];
    if (!original) throw notFound('no-such-event', `there is no EPCIS event ${eventID.slice(0, 500)}`);
    const { event, eventId, prefixes, contexts = [] } = original.data as DataOf<typeof EpcisEventCaptured>;
    void reply.type('application/ld+json; charset=utf-8');
    // As text, because numbers that a double cannot hold as written go through here untouched.
    return JSON.stringify({
      '@context': writeContext({ prefixes, contexts }),
      eventID: eventId,
      ...event,
      recordTime: original.recordTime,
    });
  }
}
