import { Gauge, type Registry } from 'prom-client';
import { createProjectionOperations, type ProjectionReader, type Projector } from '#projections';
import type { Infrastructure } from '../infrastructure/infrastructure.js';
import { within } from '../infrastructure/within.js';
import type { ProjectionState, Projections } from './projections.js';

/**
 * What can be asked of read models, whichever process keeps them.
 * @param projectors those that this process keeps.
 * @param reader shared with who keeps them, so that a question waits for commits of this process without polling.
 */
export const openProjections = (
  { pool, log, bus, metrics }: Infrastructure,
  projectors: readonly Projector[],
  reader: ProjectionReader,
): Projections => {
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
    waitFor: (name, position, timeoutMs) => reader.reached(name, position, timeoutMs),
    schemaOf: (name) => reader.activeSchema(name),
    states,
    projectors: () => projectors,
  };
};

/** A database that is away must not keep the other figures waiting. */
const BOUND_MS = 2_000;

const observeStates = (metrics: Registry, states: () => Promise<ProjectionState[]>): void => {
  // The figures of a scrape are collected at the same time: one look at the database serves them all.
  let look: Promise<ProjectionState[] | undefined> | undefined;
  const lookOnce = (): Promise<ProjectionState[] | undefined> =>
    (look ??= within(BOUND_MS, states()).finally(() => (look = undefined)));
  const gauge = (name: string, help: string, figure: (state: ProjectionState) => number): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: ['projection'],
      registers: [metrics],
      async collect() {
        const found = await lookOnce();
        // What nobody knows now is not told, rather than what it was.
        this.reset();
        for (const state of found ?? []) this.set({ projection: state.name }, figure(state));
      },
    });
  gauge(
    'lotline_projection_parked_events',
    'Events that could not be applied and were put aside',
    ({ parked }) => parked,
  );
  gauge('lotline_projection_not_running', '1 where it fails, has paused or needs a rebuild', ({ state }) =>
    state === 'running' ? 0 : 1,
  );
  gauge(
    'lotline_projection_lag_seconds',
    'Age of the oldest event that is not applied yet',
    (state) => state.lagSeconds,
  );
};
