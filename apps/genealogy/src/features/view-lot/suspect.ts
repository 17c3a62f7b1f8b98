import { type PathStep, type StandingHold, upstreamPaths } from '#traceability';
import type { Snapshot } from '../../read-model/genealogy-reader.js';

/** A hold on a lot upstream, and how what is held came in. */
export interface Suspicion {
  /** The lot that is held. */
  lot: string;
  holdId: string;
  reason: string;
  /** Whose hold it is. */
  owner?: string;
  /** From the held lot to this one; the first member of each pair went into the transformation. */
  path: readonly PathStep[];
}

const HOLDS = (s: string): string => `
SELECT id, holds FROM ${s}.lots WHERE id = ANY ($1::text[]) AND holds <> '[]'::jsonb ORDER BY id`;

/**
 * What makes a lot suspect: holds that stand on anything upstream. Nothing is written down for it, so lifting a hold undoes
 * exactly what that hold caused.
 */
export const suspicionsOf = async ({ client, schema, graph }: Snapshot, lot: string): Promise<Suspicion[]> => {
  const paths = await upstreamPaths(lot, graph);
  if (paths.size === 0) return [];
  const { rows } = await client.query<{ id: string; holds: StandingHold[] }>(HOLDS(schema), [[...paths.keys()]]);
  return rows.flatMap(({ id, holds }) => holds.map((hold) => ({ lot: id, ...hold, path: paths.get(id) ?? [] })));
};
