import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import { createProjectionRunner, type Observer, type Projector } from '#projections';
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
  const states = (): Promise<ProjectionState[]> => readStates(pool);
  observeLag(metrics, states);
  return {
    start: () => runner.start(),
    stop: () => runner.stop(),
    waitFor: (name, position, timeoutMs) => runner.reader.reached(name, position, timeoutMs),
    schemaOf: (name) => runner.reader.activeSchema(name),
    states,
    projectors: () => projectors,
  };
};

const STATES = `
  SELECT a.projection AS name, a.version, coalesce(min(c.position), '') AS position,
         coalesce(max(c.state) FILTER (WHERE c.state <> 'running'), 'running') AS state, max(c.reason) AS reason,
         (SELECT count(*)::int FROM projections.parked p WHERE p.schema = a.schema AND p.status = 'parked') AS parked
    FROM projections.active a LEFT JOIN projections.checkpoints c ON c.consumer = a.schema
   GROUP BY a.projection, a.version, a.schema ORDER BY a.projection`;

const readStates = async (pool: Pool): Promise<ProjectionState[]> => {
  const { rows } = await pool.query<ProjectionState & { reason: string | null }>(STATES);
  return rows.map(({ reason, ...state }) => ({ ...state, ...(reason !== null && { reason }) }));
};

const observeLag = (metrics: Registry, states: () => Promise<ProjectionState[]>): void => {
  const labelNames = ['projection'];
  const parked = new Gauge({
    name: 'lotline_projection_parked_events',
    help: 'Events that a read model could not apply and has put aside',
    labelNames,
    registers: [metrics],
  });
  const position = new Gauge({
    name: 'lotline_projection_position',
    help: 'Log position of a read model, as far as it is a number',
    labelNames,
    registers: [metrics],
  });
  const troubled = new Gauge({
    name: 'lotline_projection_not_running',
    help: '1 where a read model fails, has paused or needs a rebuild',
    labelNames,
    registers: [metrics],
    collect: async () => {
      for (const state of await states().catch(() => [])) {
        const labels = { projection: state.name };
        parked.set(labels, state.parked);
        position.set(labels, Number(state.position) || 0);
        troubled.set(labels, state.state === 'running' ? 0 : 1);
      }
    },
  });
};

const observer = (logger: Logger, metrics: Registry): Observer => {
  const events = new Counter({
    name: 'lotline_projection_events_total',
    help: 'Events applied',
    labelNames: ['projection'],
    registers: [metrics],
  });
  const seconds = new Histogram({
    name: 'lotline_projection_batch_duration_seconds',
    help: 'Duration of a batch with its commit',
    labelNames: ['projection'],
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
