import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leg, plainGraph, transformation, type PlainGraph } from './spec/plain-graph.js';
import { randomGraph } from './spec/random-graph.js';
import { trace } from './trace.js';

const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}T00:00:00`;
const run = (id: string, from: string, to: string, at: number): ReturnType<typeof transformation> =>
  transformation(id, [leg(from, 10, { at: day(at) })], [leg(to, 10, { at: day(at) })]);

/**
 * Follows the material itself: every way of moving along legs in their order of time, as states (lot, since when), until
 * there is no new one. Knows nothing of bounds.
 */
const naivelyTimed = (graph: PlainGraph, start: string, direction: 'back' | 'forward'): Map<string, number> => {
  const seen = new Set<string>();
  const depth = new Map<string, number>();
  let level: { lot: string; at: string | null }[] = [{ lot: start, at: null }];
  for (let d = 0; level.length > 0; d++) {
    const states = [...level];
    for (const state of states) {
      const key = `${state.lot} ${state.at}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (!depth.has(state.lot)) depth.set(state.lot, d);
      for (const { serial, lot } of graph.memberships ?? []) {
        if (serial === state.lot) states.push({ lot, at: state.at });
        if (lot === state.lot) states.push({ lot: serial, at: state.at });
      }
    }
    const next: typeof level = [];
    for (const { lot, at } of states)
      for (const t of graph.transformations) {
        const [near, far] = direction === 'forward' ? [t.inputs, t.outputs] : [t.outputs, t.inputs];
        for (const from of near) {
          const allowed = at === null || (direction === 'forward' ? from.at >= at : from.at <= at);
          if (from.kind === 'pool' || from.lot !== lot || !allowed) continue;
          for (const to of far)
            if (to.kind !== 'pool' && (direction === 'forward' ? to.at >= from.at : to.at <= from.at))
              next.push({ lot: to.lot, at: to.at });
        }
      }
    level = next.filter(({ lot, at }) => !seen.has(`${lot} ${at}`));
  }
  return depth;
};

describe('respecting time', () => {
  it('leaves out what was made before the material came in, and names it', async () => {
    const graph = plainGraph({
      transformations: [run('T1', 'A', 'B', 10), run('T2', 'B', 'C', 5), run('T3', 'B', 'D', 12)],
    });
    const ignoring = await trace({ lot: 'A', direction: 'forward' }, graph);
    expect(ignoring.forward?.lots.map((lot) => lot.id)).toEqual(['B', 'C', 'D']);
    expect(ignoring.forward?.removed).toBeUndefined();
    const timed = await trace({ lot: 'A', direction: 'forward', respectTime: true }, graph);
    expect(timed.forward?.lots.map((lot) => lot.id)).toEqual(['B', 'D']);
    expect(timed.forward?.removed).toEqual({ lots: ['C'], transformations: ['T2'] });
  });

  it('follows what happened in the same instant', async () => {
    const graph = plainGraph({ transformations: [run('T1', 'A', 'B', 10), run('T2', 'B', 'C', 10)] });
    const timed = await trace({ lot: 'A', direction: 'forward', respectTime: true }, graph);
    expect(timed.forward?.lots.map((lot) => lot.id)).toEqual(['B', 'C']);
  });

  it('counts the suspect in a transformation that took some before it came in only with what it took after', async () => {
    const both = transformation(
      'T2',
      [leg('B', 10, { at: day(5) }), leg('B', 10, { at: day(12) })],
      [leg('C', 20, { at: day(12) })],
    );
    const graph = plainGraph({ transformations: [run('T1', 'A', 'B', 10), both] });
    const share = async (respectTime: boolean): Promise<number | null | undefined> =>
      (await trace({ lot: 'A', direction: 'forward', respectTime }, graph)).forward?.lots.find((l) => l.id === 'C')
        ?.exposure?.share;
    expect(await share(false)).toBe(1);
    expect(await share(true)).toBe(0.5);
  });

  it('reaches what the material itself reaches when followed step by step, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomGraph({ serials: true }),
        fc.constantFrom('back' as const, 'forward' as const),
        async (graph, direction) => {
          const inUse = graph.transformations.some((t) => [...t.inputs, ...t.outputs].some((l) => l.lot === 'L0'));
          fc.pre(inUse);
          const answer = await trace({ lot: 'L0', direction, respectTime: true }, plainGraph(graph));
          const side = direction === 'back' ? answer.back : answer.forward;
          const found = new Map(side?.lots.map((lot) => [lot.id, lot.depth]));
          const expected = naivelyTimed(graph, 'L0', direction);
          expected.delete('L0');
          expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
        },
      ),
      { numRuns: 800 },
    );
  });
});
