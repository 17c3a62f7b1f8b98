import { Counter, Histogram, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { Observer } from '#projections';

/** What the engine tells, in the log and the metrics of the process. */
export const observeWork = (logger: Logger, metrics: Registry): Observer => {
  const labelNames = ['projection'];
  const events = new Counter({
    name: 'lotline_projection_events_total',
    help: 'Events applied',
    labelNames,
    registers: [metrics],
  });
  const seconds = new Histogram({
    name: 'lotline_projection_batch_duration_seconds',
    help: 'Duration of a batch with its commit',
    labelNames,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers: [metrics],
  });
  return {
    batch: ({ name, events: count, durationMs }) => {
      events.inc({ projection: name }, count);
      seconds.observe({ projection: name }, durationMs / 1000);
    },
    parked: (at) => logger.error(at, 'an event was parked'),
    failed: ({ error, ...at }) => logger.error({ ...at, err: error }, 'a batch of a read model failed'),
    paused: (at) => logger.error(at, 'a read model stopped and needs an operator'),
  };
};

/** A reactor that fails waits for somebody, mostly; what it did not do yet it will. */
export const observeReactions = (logger: Logger): Observer => ({
  failed: ({ error, ...at }) =>
    logger.warn({ ...at, err: error }, 'a reactor did not get through a batch; it tries again'),
  paused: (at) => logger.error(at, 'a reactor stopped and needs an operator'),
});
