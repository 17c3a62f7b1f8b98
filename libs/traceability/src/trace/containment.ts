import type { ReachedUnit } from './answer.js';
import type { Stay, TraceGraph } from './graph.js';
import { compareText, groupBy } from './grouping.js';

/** A span of time: inclusive `Instant.key`s, open where absent. */
interface Span {
  from?: string;
  to?: string;
}

const later = (a?: string, b?: string): string | undefined => (a === undefined || (b !== undefined && b > a) ? b : a);
const earlier = (a?: string, b?: string): string | undefined => (a === undefined || (b !== undefined && b < a) ? b : a);

/** The common part of two spans; undefined where they do not meet. */
const overlap = (a: Span, b: Span): Span | undefined => {
  const from = later(a.from, b.from);
  const to = earlier(a.to, b.to);
  if (from !== undefined && to !== undefined && from > to) return undefined;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
};

const spanKey = (id: string, { from, to }: Span): string => `${id} ${from ?? ''} ${to ?? ''}`;

/**
 * Follows stays from node to node, each for the time that is common to the whole chain. Nothing is entered twice for the
 * same time, so units that wrongly contain each other end too.
 */
const follow = async <E>(
  starts: readonly { id: string; span: Span; of: E }[],
  next: (ids: readonly string[]) => Promise<readonly Stay[]>,
  step: (stay: Stay) => { from: string; to: string },
): Promise<{ id: string; span: Span; of: E }[]> => {
  const found: { id: string; span: Span; of: E }[] = [];
  const seen = new Set<string>();
  let frontier = starts;
  while (frontier.length > 0) {
    const stays = groupBy(await next([...new Set(frontier.map((f) => f.id))]), (stay) => step(stay).from);
    const level: { id: string; span: Span; of: E }[] = [];
    for (const { id, span, of } of frontier)
      for (const stay of stays.get(id) ?? []) {
        const common = overlap(span, stay);
        const to = step(stay).to;
        if (common === undefined) continue;
        const key = `${String(of)} ${spanKey(to, common)}`;
        if (seen.has(key)) continue;
        seen.add(key);
        level.push({ id: to, span: common, of });
      }
    found.push(...level);
    frontier = level;
  }
  return found;
};

/** All that a unit ever held, also in units inside it while they were; units themselves are left out where they held something. */
export const contentsOf = async (unit: string, graph: TraceGraph): Promise<string[]> => {
  const inside = await follow(
    [{ id: unit, span: {}, of: '' }],
    (ids) => graph.contentsOf(ids),
    (stay) => ({
      from: stay.unit,
      to: stay.content,
    }),
  );
  const ids = [...new Set(inside.map((i) => i.id))].filter((id) => id !== unit);
  const holders = new Set((await graph.contentsOf(ids)).map((stay) => stay.unit));
  return ids.filter((id) => !holders.has(id)).sort();
};

/** Units that held any of these lots, each for that time only, with the depth of the nearest of them. */
export const unitsHolding = async (depths: ReadonlyMap<string, number>, graph: TraceGraph): Promise<ReachedUnit[]> => {
  const held = await follow(
    [...depths.keys()].map((id) => ({ id, span: {}, of: id })),
    (ids) => graph.unitsOf(ids),
    (stay) => ({ from: stay.content, to: stay.unit }),
  );
  const units = new Map<string, { depth: number; held: { lot: string; from: string; to?: string }[] }>();
  for (const { id, span, of: lot } of held) {
    const depth = depths.get(lot) ?? 0;
    const unit = units.get(id) ?? { depth, held: [] };
    unit.depth = Math.min(unit.depth, depth);
    unit.held.push({ lot, from: span.from ?? '', ...(span.to !== undefined && { to: span.to }) });
    units.set(id, unit);
  }
  return [...units]
    .map(([id, unit]) => ({
      id,
      depth: unit.depth,
      held: unit.held.sort((a, b) => compareText(spanKey(a.lot, a), spanKey(b.lot, b))),
    }))
    .sort((a, b) => a.depth - b.depth || compareText(a.id, b.id));
};
