import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import { createProjectionOperations, createProjectionRunner, type Observer, type Projector } from '#projections';
import type { Infrastructure } from '../infrastructure/infrastructure.js';
import type { ProjectionState, Projections } from './projections.js';

export interface RunningProjections extends Projections {
  /** Creates what is missing and begins to work; before it, questions can be asked already. */
  start(): Promise<void>;
  /** Stops fetching, finishes the batches under way with their checkpoints. */
  stop(): Promise<void>;
}

/** The read models of this process: `projectors` are kept up to date here, any can be asked about. */
export const openProjections = (
  { pool, log, bus, logger, metrics }: Infrastructure,
  projectors: readonly Projector[],
): RunningProjections => {
  const runner = createProjectionRunner({ pool, log, bus, projectors, observer: observer(logger, metrics) });
  const operations = createProjectionOperations({
    pool,
    log,
    projectors,
    partitionOf: bus.partitionOf.bind(bus),
    keyOf: bus.keyOf.bind(bus),
  });
  const states = async (): Promise<ProjectionState[]> =>
    (await operations.list()).filter(({ status }) => status === 'active');
  observeStates(metrics, states);
  return {
    start: async () => {
      await runner.start();
      for (const { name, reason } of (await states()).filter(({ state }) => state === 'needs-rebuild'))
        logger.error({ projection: name, reason }, 'a read model is not kept up to date and needs an operator');
    },
    stop: () => runner.stop(),
    waitFor: (name, position, timeoutMs) => runner.reader.reached(name, position, timeoutMs),
    schemaOf: (name) => runner.reader.activeSchema(name),
    states,
    projectors: () => projectors,
  };
};

const observeStates = (metrics: Registry, states: () => Promise<ProjectionState[]>): void => {
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name, help, labelNames: ['projection'], registers: [metrics] });
  const parked = gauge('lotline_projection_parked_events', 'Events that could not be applied and were put aside');
  const troubled = gauge('lotline_projection_not_running', '1 where it fails, has paused or needs a rebuild');
  new Gauge({
    name: 'lotline_projection_lag_seconds',
    help: 'Age of the oldest event that is not applied yet',
    labelNames: ['projection'],
    registers: [metrics],
    async collect() {
      for (const state of await states().catch(() => [])) {
        const labels = { projection: state.name };
        this.set(labels, state.lagSeconds);
        parked.set(labels, state.parked);
        troubled.set(labels, state.state === 'running' ? 0 : 1);
      }
    },
  });
};

const observer = (logger: Logger, metrics: Registry): Observer => {
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
