import { Counter, Histogram, type Registry } from 'prom-client';
import type { EventLog } from '#event-log';
import { answerPosition } from '../request/request-context.js';

/** The same log; its appends are measured and set the position of the answer to the request that caused them. */
export const observedLog = (log: EventLog, registry: Registry): EventLog => {
  const events = new Counter({
    name: 'lotline_log_appended_events_total',
    help: 'Events appended by this process',
    labelNames: ['result'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'lotline_log_append_duration_seconds',
    help: 'Duration of appends, waiting for the group commit included',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  return {
    append: async (appends) => {
      const end = seconds.startTimer();
      const results = await log.append(appends);
      end();
      results.forEach((result, index) => {
        if (result.ok) {
          for (const { position } of result.recorded) answerPosition(position);
          const fresh = result.recorded.filter((r) => !r.duplicate).length;
          events.inc({ result: 'recorded' }, fresh);
          events.inc({ result: 'duplicate' }, result.recorded.length - fresh);
        } else events.inc({ result: result.reason }, appends[index]?.events.length ?? 0);
      });
      return results;
    },
    compare: (compared) => log.compare(compared),
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    follow: (options) => log.follow(options),
    head: () => log.head(),
    identity: () => log.identity(),
    close: () => log.close(),
  };
};
