import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leg, plainGraph, transformation, type PlainGraph } from './spec/plain-graph.js';
import { randomGraph } from './spec/random-graph.js';
import { pathTo, suspectIds, suspectsOf, type Suspect } from './suspects.js';
import { upstreamPaths } from './upstream-paths.js';

/** Distances from one lot by relaxing everything until nothing changes: knows nothing of levels, holds or other lots. */
const distances = (graph: PlainGraph, from: string): Map<string, number> => {
  const far = new Map([[from, 0]]);
  for (let changed = true; changed;) {
    changed = false;
    const set = (id: string, distance: number): void => {
      if ((far.get(id) ?? Infinity) <= distance) return;
      far.set(id, distance);
      changed = true;
    };
    for (const { serial, lot } of graph.memberships ?? []) {
      set(lot, far.get(serial) ?? Infinity);
      set(serial, far.get(lot) ?? Infinity);
    }
    for (const { inputs, outputs } of graph.transformations)
      for (const input of inputs)
        for (const output of outputs)
          if (input.kind !== 'pool' && output.kind !== 'pool') set(output.lot, (far.get(input.lot) ?? Infinity) + 1);
  }
  return far;
};

/** Of each lot the distance to the nearest held lot that is not itself. */
const naive = (graph: PlainGraph, held: readonly string[]): Map<string, { held: string; depth: number }> => {
  const nearest = new Map<string, { held: string; depth: number }>();
  for (const from of [...new Set(held)].sort())
    for (const [lot, depth] of distances(graph, from))
      if (lot !== from && depth < (nearest.get(lot)?.depth ?? Infinity)) nearest.set(lot, { held: from, depth });
  return nearest;
};

/** Each step has to be an edge of the graph, and as many of them transformations as the depth says. */
const expectPath = (graph: PlainGraph, suspect: Suspect): void => {
  const { at: lot, held, depth } = suspect;
  const path = pathTo(suspect);
  expect([path[0]?.lot, path.at(-1)]).toEqual([held, { lot }]);
  expect(path.filter((step) => step.transformation !== undefined)).toHaveLength(depth);
  path.slice(0, -1).forEach((step, index) => {
    const next = path[index + 1]!.lot;
    const run = graph.transformations.find((t) => t.id === step.transformation);
    expect(
      run === undefined
        ? graph.memberships?.some((m) => [m.serial, m.lot].sort().join() === [step.lot, next].sort().join())
        : run.inputs.some((l) => l.lot === step.lot) && run.outputs.some((l) => l.lot === next),
    ).toBe(true);
  });
};

const some = fc.array(
  fc.integer({ min: 0, max: 8 }).map((i) => `L${i}`),
  { maxLength: 5 },
);
const holds = fc.dictionary(fc.constantFrom('A', 'B', 'C'), some).map((of) => new Map(Object.entries(of)));
const graphs = randomGraph({ mixed: true, pools: true, serials: true });

describe('what holds make suspect', () => {
  it('is what a naive search finds, hold by hold, each with a shortest path', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, holds, async (graph, held) => {
        const found = await suspectsOf(held, plainGraph(graph));
        expect([...found.keys()]).toEqual([...held.keys()]);
        for (const [hold, suspects] of found) {
          expect(new Map(suspects.map((s) => [s.at, { held: s.held, depth: s.depth }]))).toEqual(
            new Map([...naive(graph, held.get(hold)!)].sort(([a], [b]) => (a < b ? -1 : 1))),
          );
          for (const suspect of suspects) expectPath(graph, suspect);
        }
        const all = [...held.values()].flat();
        expect([...(await suspectIds(all, plainGraph(graph)))].sort()).toEqual([...naive(graph, all).keys()].sort());
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with what a lot upstream-walks to by itself', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, some, async (graph, held) => {
        const suspects = await suspectIds(held, plainGraph(graph));
        for (const lot of ['L0', 'L3', 'L7', 'S1']) {
          const upstream = await upstreamPaths(lot, plainGraph(graph));
          expect([lot, held.some((id) => upstream.has(id))]).toEqual([lot, suspects.has(lot)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order in which facts came, holds were set, or other holds were lifted', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, holds, fc.infiniteStream(fc.nat()), async (graph, held, order) => {
        const shuffled = <T>(rows: readonly T[]): T[] =>
          rows
            .map((row) => ({ row, by: order.next().value as number }))
            .sort((a, b) => a.by - b.by)
            .map(({ row }) => row);
        const again = await suspectsOf(
          new Map([...held].map(([hold, lots]) => [hold, shuffled(lots)])),
          plainGraph({ ...graph, transformations: shuffled(graph.transformations) }),
        );
        for (const [hold, lots] of held) {
          const alone = await suspectsOf(new Map([[hold, lots]]), plainGraph(graph));
          expect(again.get(hold)).toEqual(alone.get(hold));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forgets what a voided transformation caused, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, some, fc.nat(), async (graph, held, pick) => {
        const without = graph.transformations.filter((_, i) => i !== pick % Math.max(1, graph.transformations.length));
        const corrected = { ...graph, transformations: without };
        expect([...(await suspectIds(held, plainGraph(corrected)))].sort()).toEqual(
          [...naive(corrected, held).keys()].sort(),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('ends in rework loops, and leaves the held lot out', async () => {
    const loop = plainGraph({
      transformations: [
        transformation('make', [leg('dough'), leg('scrap')], [leg('bread')]),
        transformation('rework', [leg('bread')], [leg('scrap')]),
      ],
    });
    const found = await suspectsOf(new Map([['H', ['bread']]]), loop);
    expect(found.get('H')?.map((s) => ({ lot: s.at, held: s.held, depth: s.depth, path: pathTo(s) }))).toEqual([
      { lot: 'scrap', held: 'bread', depth: 1, path: [{ lot: 'bread', transformation: 'rework' }, { lot: 'scrap' }] },
    ]);
    const both = await suspectsOf(new Map([['H', ['bread', 'scrap']]]), loop);
    expect(both.get('H')?.map((s) => [s.at, s.held])).toEqual([
      ['bread', 'scrap'],
      ['scrap', 'bread'],
    ]);
  });

  it('keeps one way for all lots along it: a path is told of those that are asked for', async () => {
    const lots = Array.from({ length: 2_000 }, (_, i) => `L${String(i).padStart(4, '0')}`);
    const chain = lots.slice(1).map((lot, i) => transformation(`to-${lot}`, [leg(lots[i]!)], [leg(lot)]));
    const found = await suspectsOf(new Map([['H', [lots[0]!]]]), plainGraph({ transformations: chain }));
    const suspects = found.get('H') ?? [];
    expect(suspects.map(({ at }) => at)).toEqual(lots.slice(1));
    suspects.slice(1).forEach((suspect, i) => expect(suspect.from).toBe(suspects[i]));
    expect(pathTo(suspects.at(-1)!).map(({ lot }) => lot)).toEqual(lots);
  });

  it('is done in the time of one walk where many holds share what is downstream', async () => {
    // One run of 300 inputs and 300 outputs, which a second one blends: 90,000 pairs that nobody may list.
    const inputs = Array.from({ length: 300 }, (_, i) => leg(`in-${String(i).padStart(3, '0')}`));
    const outputs = Array.from({ length: 300 }, (_, i) => leg(`out-${String(i).padStart(3, '0')}`));
    const graph = plainGraph({
      transformations: [transformation('run', inputs, outputs), transformation('blend', outputs, [leg('blend')])],
    });
    const found = await suspectsOf(new Map([['recall', inputs.map((l) => l.lot)]]), graph);
    expect(found.get('recall')).toHaveLength(301);
    expect(found.get('recall')?.[0]).toMatchObject({ at: 'blend', held: 'in-000', depth: 2 });
  });
});
