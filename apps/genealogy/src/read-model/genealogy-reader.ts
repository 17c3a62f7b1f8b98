import { LotlineError } from '#kernel';
import { cutGraph, positionAt, presentGraph, type Queryable, type TraceGraph } from '#traceability';
import type { Pool } from 'pg';
import { GENEALOGY } from './genealogy-projector.js';

/** One state of the model: whatever is read through it belongs together. */
export interface Snapshot {
  client: Queryable;
  schema: string;
  /** Log position of this state. */
  position: string;
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

const ACTIVE = `
SELECT a.schema, min(c.position) AS position FROM projections.active a
LEFT JOIN projections.checkpoints c ON c.consumer = a.schema WHERE a.projection = $1 GROUP BY a.schema`;

const graphAt = async (
  { client, schema, position }: Pick<Snapshot, 'client' | 'schema' | 'position'>,
  lot: string,
  asOf: AsOf,
): Promise<TraceGraph> => {
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
  read: async (question) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await client.query<{ schema: string; position: string | null }>(ACTIVE, [GENEALOGY]);
      const [active] = rows;
      if (active === undefined)
        throw new LotlineError('behind', 'read-model-behind', `${GENEALOGY} has not started yet`, [], {
          retryAfter: 1,
        });
      const at = { client, schema: active.schema, position: active.position ?? '' };
      const answer = await question({
        ...at,
        graph: presentGraph(client, at.schema, at.position),
        graphAt: (lot, asOf) => graphAt(at, lot, asOf),
      });
      await client.query('COMMIT');
      client.release();
      return answer;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        (lost: unknown) => client.release(lost instanceof Error ? lost : true),
      );
      throw error;
    }
  },
});
