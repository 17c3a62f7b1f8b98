import { notFound } from '#kernel';
import { type LotNode, resolveLot } from '#traceability';
import type { Snapshot } from '../read-model/genealogy-reader.js';

/**
 * The lot that a path names, by any id form.
 * @throws LotlineError `lot-unknown` (404) where no event names it.
 */
export const lotNamed = async ({ graph }: Pick<Snapshot, 'graph'>, lot: string, item?: string): Promise<LotNode> => {
  const [node] = await graph.lots([await resolveLot({ lot, item }, graph)]);
  if (node === undefined) throw notFound('lot-unknown', `no event names ${lot}`);
  return node;
};
