import { type Clock, instant, LotlineError } from '#kernel';
import { readSnapshot, type ReadSnapshot } from '#projections';
import { cutGraph, positionAt, presentGraph, type Punctuality, recordTimeAt, type TraceGraph } from '#traceability';
import type { Pool } from 'pg';
import { GENEALOGY } from './genealogy-projector.js';
import { createSuspects } from './suspects.js';

/** One state of the model, with its graph. */
export interface Snapshot extends ReadSnapshot {
  graph: TraceGraph;
  /** What tells that something is overdue at this moment. */
  punctuality: Punctuality;
  /** Ids of all lots that a standing hold upstream makes suspect. */
  suspects(): Promise<ReadonlySet<string>>;
  /** The graph around a lot at an earlier moment of either clock. */
  graphAt(lot: string, cut: AsOf): Promise<TraceGraph>;
}

/** Both clocks: what was known at a log position or record time, and what had happened by an event time. */
export interface AsOf {
  position?: string | undefined;
  /** ISO 8601, record time. */
  recordTime?: string | undefined;
  /** `Instant.key`, event time. */
  eventTimeTo?: string | undefined;
}

export interface GenealogyReader {
  /** Runs the question on one snapshot of the version that serves. */
  read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T>;
}

type State = ReadSnapshot & Pick<Snapshot, 'punctuality'>;

/** The moment an answer stands at: what was not due yet then was not overdue. */
const momentOf = async ({ client, schema, punctuality }: State, asOf: AsOf): Promise<string> => {
  const { eventTimeTo, recordTime, position } = asOf;
  if (eventTimeTo !== undefined) return eventTimeTo;
  const known =
    recordTime ?? (position === undefined ? undefined : (await recordTimeAt(client, schema, position))?.toISOString());
  return (known === undefined ? undefined : instant(known)?.key) ?? punctuality.now;
};

const graphAt = async (state: State, lot: string, asOf: AsOf): Promise<TraceGraph> => {
  const { client, schema, position, punctuality } = state;
  if (asOf.position !== undefined && asOf.position > position)
    throw new LotlineError('behind', 'read-model-behind', `${GENEALOGY} has not reached ${asOf.position}`, [], {
      position,
      retryAfter: 1,
    });
  const at =
    asOf.position ?? (asOf.recordTime === undefined ? undefined : await positionAt(client, schema, asOf.recordTime));
  const cut = {
    ...(at !== undefined && { position: at }),
    ...(asOf.eventTimeTo !== undefined && { eventTimeTo: asOf.eventTimeTo }),
  };
  return cutGraph(client, schema, [lot], at ?? position, cut, { ...punctuality, now: await momentOf(state, asOf) });
};

/** @param ours the organisation's own parties; none: all are ours. */
export const createGenealogyReader = (pool: Pool, clock: Clock, ours: readonly string[]): GenealogyReader => {
  const suspects = createSuspects();
  return {
    read: (question) =>
      readSnapshot(pool, GENEALOGY, (at) => {
        const now = clock().toISOString();
        const punctuality = { now: instant(now)?.key ?? now, ours };
        const graph = presentGraph(at.client, at.schema, at.position, punctuality);
        return question({
          ...at,
          punctuality,
          graph,
          suspects: () => suspects({ ...at, graph }),
          graphAt: (lot, asOf) => graphAt({ ...at, punctuality }, lot, asOf),
        });
      }),
  };
};
