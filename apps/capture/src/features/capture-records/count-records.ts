import { Counter, type Registry } from 'prom-client';
import type { RecordsCaptured } from './capture-records.js';

export interface RecordCounters {
  /** @param records how many were worked off. */
  captured(records: number, what: RecordsCaptured): void;
}

/** What came by the broker, in the metrics of the process. */
export const countRecords = (metrics: Registry): RecordCounters => {
  const registers = [metrics];
  const taken = new Counter({
    name: 'lotline_capture_records_total',
    help: 'Records of the way in that were worked off',
    registers,
  });
  const events = new Counter({
    name: 'lotline_capture_record_events_total',
    help: 'Events in records of the way in, by what became of them',
    labelNames: ['result'],
    registers,
  });
  const refusals = new Counter({
    name: 'lotline_capture_refused_total',
    help: 'Records of the way in, or events of their documents, that were refused, by the code of the first problem',
    labelNames: ['code'],
    registers,
  });
  return {
    captured: (records, { recorded, duplicates, refused }) => {
      taken.inc(records);
      events.inc({ result: 'recorded' }, recorded);
      events.inc({ result: 'duplicate' }, duplicates);
      for (const [code, count] of refused) {
        events.inc({ result: 'refused' }, count);
        refusals.inc({ code }, count);
      }
    },
  };
};
