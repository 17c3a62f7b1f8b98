import type { ReadSnapshot } from '#projections';
import { suspectIds, type TraceGraph } from '#traceability';

const HELD = (s: string): string => `SELECT id FROM ${s}.lots WHERE holds <> '[]' ORDER BY id`;

type State = ReadSnapshot & { graph: TraceGraph };

/** One walk forward from all that is held, and none where nothing is. */
const suspectsIn = async ({ client, schema, graph }: State): Promise<ReadonlySet<string>> => {
  const { rows } = await client.query<{ id: string }>(HELD(schema));
  return suspectIds(
    rows.map((row) => row.id),
    graph,
  );
};

/**
 * Which lots any standing hold upstream makes suspect. The last answer is kept, and shared by all who ask at once: it stands
 * until the record moves on. A state is one position of one build of the model.
 */
export const createSuspects = (): ((state: State) => Promise<ReadonlySet<string>>) => {
  let kept: { of: string; suspects: Promise<ReadonlySet<string> | undefined> } | undefined;
  return async (state) => {
    const of = `${state.schema} ${state.position}`;
    const known = kept?.of === of ? await kept.suspects : undefined;
    if (known !== undefined) return known;
    const suspects = suspectsIn(state);
    // Whoever shares it asks for itself where the first one failed.
    kept = { of, suspects: suspects.catch(() => undefined) };
    return suspects;
  };
};
