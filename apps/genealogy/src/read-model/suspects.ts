import type { ReadSnapshot } from '#projections';
import { suspectIds, type TraceGraph } from '#traceability';

const HELD = (s: string): string => `SELECT id FROM ${s}.lots WHERE holds <> '[]' ORDER BY id`;

/**
 * Which lots any standing hold upstream makes suspect: one walk forward from all that is held, and none where nothing is. The
 * last answer is kept: it stands until the record moves on. A state is one position of one build of the model.
 */
export const createSuspects = (): ((state: ReadSnapshot & { graph: TraceGraph }) => Promise<ReadonlySet<string>>) => {
  let kept: { state: string; suspects: ReadonlySet<string> } | undefined;
  return async ({ client, schema, position, graph }) => {
    const state = `${schema} ${position}`;
    if (kept?.state === state) return kept.suspects;
    const { rows } = await client.query<{ id: string }>(HELD(schema));
    const suspects = await suspectIds(
      rows.map((row) => row.id),
      graph,
    );
    kept = { state, suspects };
    return suspects;
  };
};
