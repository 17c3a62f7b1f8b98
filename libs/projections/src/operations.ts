import { randomUUID } from 'node:crypto';
import { type EventMeta, type NewEvent, ParkedEventDiscarded, ParkedEventRetried } from '#contracts';
import { notFound } from '#kernel';
import { listConsumers, type ConsumerStatus } from './operate/list.js';
import { activeOf, type OperationsOptions } from './operate/deps.js';
import { rebuild, type RebuildOptions, type RebuildReport } from './operate/rebuild.js';
import { retireBuild, switchBuild, type Switched } from './operate/switch-build.js';
import { restartReactor } from './reactor.js';
import { createProjectionReader } from './reader.js';
import { type Parked, type ParkedStatus, readParked } from './store/parked-events.js';

/** Parked events of one stream, named by one of them or by the stream. */
export type ParkedChoice = { eventId: string } | { stream: string };

export interface DecisionOutcome {
  /** Where the decision stands in the log; every build carries it out when it gets there. */
  position: string;
  /** The serving build has carried it out; false where no worker did so in time (it will). */
  carriedOut: boolean;
  /** The stream's rows in the serving build as they are now: a retry that failed has them still `parked`, with the error. */
  events: Parked[];
}

/** What operators do. Every function can be called from any process that reaches the log and the database. */
export interface ProjectionOperations {
  list(): Promise<ConsumerStatus[]>;
  /** @param filter.statuses default: what is parked now. */
  parked(filter?: { projection?: string; statuses?: readonly ParkedStatus[] }): Promise<Parked[]>;
  /**
   * Applies all that is parked of the stream again, in order and together, or nothing. Recorded in the log, so that a
   * rebuild does the same at the same place.
   * @throws LotlineError `nothing-parked` (404).
   */
  retry(
    projection: string,
    choice: ParkedChoice,
    options: { reason: string; timeoutMs?: number },
  ): Promise<DecisionOutcome>;
  /**
   * Gives parked events up: the one named, or all of the stream. Later ones of the stream stay parked until they are
   * retried or discarded. Recorded in the log.
   * @throws LotlineError `nothing-parked` (404).
   */
  discard(
    projection: string,
    choice: ParkedChoice,
    options: { reason: string; timeoutMs?: number },
  ): Promise<DecisionOutcome>;
  /**
   * Lets a reactor handle the log again from its beginning, after a backup was restored (`needs-rebuild`); what it
   * commanded before is recognised by its ids. @throws LotlineError `reactor-unknown` (404).
   */
  restart(reactor: string): Promise<void>;
  /** See `rebuild`. */
  rebuild(projection: string, options?: RebuildOptions): Promise<RebuildReport>;
  /** Lets readers see the new version that is ready. @throws LotlineError `nothing-to-switch-to` (422). */
  accept(projection: string): Promise<Switched>;
  /** Lets readers see again what they saw before. @throws LotlineError `nothing-to-switch-to` (422). */
  rollback(projection: string): Promise<Switched>;
  /** Drops a build that readers no longer see. @throws LotlineError (422) `build-active`, `just-switched` … */
  retire(projection: string, schema: string, options?: { graceMs?: number }): Promise<void>;
}

const metaOf = (actor: string, correlationId: string): EventMeta => ({
  source: 'lotline/operations',
  actor,
  correlationId,
});

export const createProjectionOperations = (options: OperationsOptions): ProjectionOperations => {
  const { pool, log, keyOf, projectors, actor = 'system:operations', onChange } = options;
  const reader = createProjectionReader({ pool });

  /** A build that is only in waiting can have parked what the serving one has not. */
  const choose = async (
    projection: string,
    choice: ParkedChoice,
  ): Promise<{ stream: string; key: string; eventIds: string[] }> => {
    const parked = (await readParked(pool, { ...choice, statuses: ['parked'] })).filter(
      (row) => row.projection === projection,
    );
    const first = parked[0];
    if (first === undefined) {
      const what = 'eventId' in choice ? `event ${choice.eventId}` : `stream ${choice.stream}`;
      throw notFound('nothing-parked', `"${projection}" has nothing parked of ${what}`);
    }
    const [original] = await log.readStream(first.stream, { from: first.revision, max: 1 });
    if (!original) throw new Error(`the log has no revision ${first.revision} of ${first.stream}`);
    return { stream: first.stream, key: keyOf(original), eventIds: [...new Set(parked.map(({ eventId }) => eventId))] };
  };

  const decide = async (
    projection: string,
    stream: string,
    definition: { type: string; version: number },
    data: unknown,
    timeoutMs: number,
  ): Promise<DecisionOutcome> => {
    const { schema } = await activeOf(pool, projection);
    const id = randomUUID();
    const event: NewEvent = {
      id,
      type: definition.type,
      schemaVersion: definition.version,
      eventTime: new Date().toISOString(),
      data,
      meta: metaOf(actor, id),
    };
    const [result] = await log.append([
      { stream: `operations-projection-${projection}`, expected: 'any', events: [event] },
    ]);
    if (!result?.ok) throw new Error('the log refused a decision that expects nothing of its stream');
    const position = result.recorded[0]?.position ?? '';
    const { reached } = await reader.reached(projection, position, timeoutMs);
    return { position, carriedOut: reached, events: await readParked(pool, { schema, stream }) };
  };

  const changed = async <T>(projection: string, work: Promise<T>): Promise<T> => {
    const result = await work;
    await onChange?.(projection);
    return result;
  };

  return {
    list: () => listConsumers(pool, log, projectors),
    async parked({ projection, statuses } = {}) {
      const rows = await readParked(pool, { statuses: statuses ?? ['parked'] });
      return projection === undefined ? rows : rows.filter((row) => row.projection === projection);
    },
    async retry(projection, choice, { reason, timeoutMs = 5_000 }) {
      const { stream, key } = await choose(projection, choice);
      return decide(projection, stream, ParkedEventRetried, { projection, stream, key, reason }, timeoutMs);
    },
    async discard(projection, choice, { reason, timeoutMs = 5_000 }) {
      const { stream, key, eventIds } = await choose(projection, choice);
      return decide(projection, stream, ParkedEventDiscarded, { projection, stream, key, eventIds, reason }, timeoutMs);
    },
    restart: (reactor) => restartReactor({ pool, log }, reactor, 'beginning'),
    rebuild: (projection, rebuildOptions = {}) => changed(projection, rebuild(options, projection, rebuildOptions)),
    accept: (projection) =>
      changed(
        projection,
        switchBuild(
          options,
          projection,
          (builds) => builds.filter(({ status }) => status === 'ready').at(-1),
          `no new version of "${projection}" is ready; rebuild it first`,
        ),
      ),
    rollback: (projection) =>
      changed(
        projection,
        switchBuild(
          options,
          projection,
          (builds, previous) => builds.find(({ schema }) => schema === previous),
          `readers of "${projection}" saw nothing else before, or it is retired`,
        ),
      ),
    retire: (projection, schema, { graceMs } = {}) =>
      changed(projection, retireBuild(options, projection, schema, graceMs)),
  };
};
