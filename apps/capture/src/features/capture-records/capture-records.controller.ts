import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { CAPTURE_TOPIC } from '#contracts';
import type { InboundRecord } from '#event-bus';
import type { EventLog } from '#event-log';
import { EVENT_LOG, LOGGER, METRICS, ReceiptContext, RECORDS, ReceivesFrom, type Records } from '#platform';
import { captureRecords } from './capture-records.js';
import { countRecords, type RecordCounters } from './count-records.js';
import { placeOf } from './record-meta.js';

/** Facts that upstream systems write to Kafka. */
@Controller()
export class CaptureRecordsController {
  readonly #counters: RecordCounters;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(RECORDS) private readonly records: Records,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#counters = countRecords(metrics);
  }

  @ReceivesFrom(CAPTURE_TOPIC.name, { group: 'capture' })
  async receive(
    @Payload() inbound: readonly InboundRecord[],
    @Ctx() { topic, partition }: ReceiptContext,
  ): Promise<void> {
    const { log, records, logger } = this;
    const onDefect = (err: unknown, record: InboundRecord): void =>
      logger.error({ err, record: placeOf(record) }, 'a record could not be worked on; it is refused');
    const captured = await captureRecords({ log, records, onDefect }, inbound);
    this.#counters.captured(inbound.length, captured);
    if (captured.refused.size > 0)
      logger.warn({ topic, partition, refused: Object.fromEntries(captured.refused) }, 'records were refused');
  }
}
