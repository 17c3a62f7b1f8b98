import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TransformationNode } from './graph.js';
import { leg, plainGraph, transformation, type PlainGraph } from './spec/plain-graph.js';
import { randomGraph } from './spec/random-graph.js';
import { trace } from './trace.js';
import { walk } from './walk.js';

/** Depths by relaxing every transformation until nothing changes: knows nothing of levels or visited sets. */
const naiveDepths = (
  graph: PlainGraph,
  starts: readonly string[],
  direction: 'back' | 'forward',
): Map<string, number> => {
  const depth = new Map(starts.map((id) => [id, 0]));
  for (let changed = true; changed;) {
    changed = false;
    const set = (id: string, d: number): void => {
      if ((depth.get(id) ?? Infinity) <= d) return;
      depth.set(id, d);
      changed = true;
    };
    for (const { serial, lot } of graph.memberships ?? []) {
      const [s, l] = [depth.get(serial), depth.get(lot)];
      if (s !== undefined) set(lot, s);
      if (l !== undefined) set(serial, l);
    }
    for (const t of graph.transformations) {
      const [near, far] = direction === 'forward' ? [t.inputs, t.outputs] : [t.outputs, t.inputs];
      for (const from of near)
        for (const to of far)
          if (from.kind !== 'pool' && to.kind !== 'pool' && depth.has(from.lot)) set(to.lot, depth.get(from.lot)! + 1);
    }
  }
  return depth;
};

const entries = (depths: ReadonlyMap<string, number>): [string, number][] => [...depths].sort();

describe('walk', () => {
  it('reaches what a naive search reaches, at the same depths, both ways, whatever the order of rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomGraph({ mixed: true, pools: true, serials: true }),
        fc.constantFrom('back' as const, 'forward' as const),
        fc.infiniteStream(fc.integer()),
        async (graph, direction, order) => {
          const walked = await walk(['L0'], direction, plainGraph(graph));
          expect(entries(walked.depths)).toEqual(entries(naiveDepths(graph, ['L0'], direction)));
          const shuffled: PlainGraph = {
            ...graph,
            transformations: graph.transformations
              .map((t) => ({ t, by: order.next().value as number }))
              .sort((a, b) => a.by - b.by)
              .map(({ t }) => t),
          };
          const again = await walk(['L0'], direction, plainGraph(shuffled));
          expect(entries(again.depths)).toEqual(entries(walked.depths));
          expect([...again.transformations.keys()].sort()).toEqual([...walked.transformations.keys()].sort());
          expect(again.pools).toEqual(walked.pools);
          expect(again.cuts).toEqual(walked.cuts);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('stops at a depth exactly, and says where it would have gone on', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph(), fc.nat({ max: 3 }), async (graph, depth) => {
        const all = naiveDepths(graph, ['L0'], 'forward');
        const walked = await walk(['L0'], 'forward', plainGraph(graph), { depth });
        expect(entries(walked.depths)).toEqual(entries(all).filter(([, d]) => d <= depth));
        // It is whole where every transformation of what it reached was followed.
        const open = graph.transformations.filter(
          (t) => t.inputs.some((l) => walked.depths.get(l.lot) !== undefined) && !walked.transformations.has(t.id),
        );
        expect(walked.cuts.map((cut) => cut.reason)).toEqual(open.length === 0 ? [] : ['depth']);
        for (const id of walked.cuts.flatMap((cut) => cut.at)) expect(walked.depths.get(id)).toBe(depth);
      }),
      { numRuns: 500 },
    );
  });

  it('reaches no more lots than the limit, and says that it stopped exactly where it left something out', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph(), fc.integer({ min: 1, max: 8 }), async (graph, limit) => {
        const all = naiveDepths(graph, ['L0'], 'forward');
        const walked = await walk(['L0'], 'forward', plainGraph(graph), { limit });
        expect(walked.depths.size).toBe(Math.min(limit, all.size));
        for (const [id, depth] of walked.depths) expect(depth).toBe(all.get(id));
        expect(walked.cuts.map((cut) => cut.reason)).toEqual(all.size > limit ? ['limit'] : []);
      }),
      { numRuns: 500 },
    );
  });

  it('walks a chain of 20,000 lots without running out of stack', async () => {
    const chain: TransformationNode[] = Array.from({ length: 20_000 }, (_, i) =>
      transformation(`T${i}`, [leg(`L${i}`, 1)], [leg(`L${i + 1}`, 1)]),
    );
    const walked = await walk(['L0'], 'forward', plainGraph({ transformations: chain }));
    expect(walked.depths.get('L20000')).toBe(20_000);
  });

  it('stops at a class without lot, lists it and says why the answer is not everything', async () => {
    const graph = plainGraph({
      transformations: [
        transformation('T1', [leg('A', 5)], [leg('flour', 5, { kind: 'pool', place: 'silo' })]),
        transformation('T2', [leg('flour', 5, { kind: 'pool', place: 'silo' })], [leg('B', 5)]),
      ],
    });
    const answer = await trace({ lot: 'A', direction: 'forward' }, graph);
    expect(answer.forward?.lots).toEqual([]);
    expect(answer.forward?.pools).toEqual([
      { item: 'flour', place: 'silo', depth: 1, transformations: ['T1'], reason: 'lot-not-stated' },
    ]);
    expect(answer).toMatchObject({ complete: false, cut: { reason: 'lot-not-stated', at: ['flour'] } });
  });

  it('says that an answer is incomplete where it reaches a lot of a parked event, and which events', async () => {
    const graph = plainGraph({
      transformations: [transformation('T1', [leg('A', 5)], [leg('B', 5)])],
      parked: { B: ['event-7'] },
    });
    expect(await trace({ lot: 'A', direction: 'both' }, graph)).toMatchObject({
      complete: false,
      cut: { reason: 'parked', at: ['event-7'] },
    });
    expect(await trace({ lot: 'A', direction: 'back' }, graph)).toMatchObject({ complete: true, cut: null });
  });

  it('refuses a lot that no event names', async () => {
    await expect(trace({ lot: 'X', direction: 'both' }, plainGraph({ transformations: [] }))).rejects.toMatchObject({
      kind: 'not-found',
      code: 'lot-unknown',
    });
  });
});
