import { LotlineError } from '#kernel';
import { readSnapshot, type ReadSnapshot } from '#projections';
import { cutGraph, positionAt, presentGraph, type TraceGraph } from '#traceability';
import type { Pool } from 'pg';
import { GENEALOGY } from './genealogy-projector.js';

/** One state of the model, with its graph. */
export interface Snapshot extends ReadSnapshot {
  graph: TraceGraph;
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

const graphAt = async ({ client, schema, position }: ReadSnapshot, lot: string, asOf: AsOf): Promise<TraceGraph> => {
  if (asOf.position !== undefined && asOf.position > position)
    throw new LotlineError('behind', 'read-model-behind', `${GENEALOGY} has not reached ${asOf.position}`, [], {
      position,
      retryAfter: 1,
    });
  const at =
    asOf.position ?? (asOf.recordTime === undefined ? undefined : await positionAt(client, schema, asOf.recordTime));
  return cutGraph(client, schema, [lot], at ?? position, {
    ...(at !== undefined && { position: at }),
    ...(asOf.eventTimeTo !== undefined && { eventTimeTo: asOf.eventTimeTo }),
  });
};

export const createGenealogyReader = (pool: Pool): GenealogyReader => ({
  read: (question) =>
    readSnapshot(pool, GENEALOGY, (at) =>
      question({
        ...at,
        graph: presentGraph(at.client, at.schema, at.position),
        graphAt: (lot, asOf) => graphAt(at, lot, asOf),
      }),
    ),
});
