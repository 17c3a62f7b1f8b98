import { describe, expect, it } from '@jest/globals';
import { instant } from '#kernel';
import fc from 'fast-check';
import type { Happening, Thing } from '../happening.js';
import { masterDataOf } from '../master-data/index.js';
import { trace } from '../trace/index.js';
import { graphOf } from './graph.js';

const LOTS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'];
const UNITS = ['U0', 'U1', 'U2'];
const kilos = { value: '10', unit: 'KGM' };
const lot = (id: string): Thing => ({ id, kind: 'lot', amount: kilos });
const unit = (id: string): Thing => ({ id, kind: 'unit' });

const anyLot = fc.constantFrom(...LOTS).map(lot);
const anyUnit = fc.constantFrom(...UNITS);
const list = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: 1, maxLength: 3 });

type Said = Pick<Happening, 'verb' | 'things'> & Partial<Happening>;
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.record({ verb: fc.constant('make' as const), things: list(anyLot) }),
  fc.record({ verb: fc.constant('pack' as const), parent: anyUnit, things: list(anyLot) }),
  fc.record({ verb: fc.constant('unpack' as const), parent: anyUnit, things: fc.constant([] as Thing[]) }),
  fc
    .tuple(fc.constantFrom('U0', 'U1'), fc.constant('U2'))
    .map(([inner, outer]): Said => ({ verb: 'pack', parent: outer, things: [unit(inner)] })),
  fc.record({
    verb: fc.constant('transform' as const),
    things: list(fc.oneof({ weight: 2, arbitrary: anyLot }, { weight: 1, arbitrary: anyUnit.map(unit) })),
    outputs: list(anyLot),
  }),
);

/** Happenings a minute apart, each at the plant. */
const happenings: fc.Arbitrary<Happening[]> = fc.array(said, { minLength: 1, maxLength: 14 }).map((all) =>
  all.map((h, i): Happening => ({
    id: `E${String(i).padStart(2, '0')}`,
    logId: `E${i}`,
    time: instant(`2026-01-01T00:${String(i).padStart(2, '0')}:00Z`)!,
    bizLocation: 'plant',
    ...(h.verb === 'transform' && { transformation: `E${String(i).padStart(2, '0')}` }),
    ...h,
  })),
);

/** What is in every unit, replayed event by event, and every pair (input lot, output lot) that follows from it. */
const naiveEdges = (all: readonly Happening[]): [string, string][] => {
  const inside = new Map<string, Set<string>>(UNITS.map((id) => [id, new Set()]));
  const contents = (id: string): string[] =>
    UNITS.includes(id) ? [...(inside.get(id) ?? [])].flatMap((content) => contents(content)) : [id];
  const edges: [string, string][] = [];
  for (const h of all) {
    if (h.verb === 'pack') for (const thing of h.things) inside.get(h.parent!)!.add(thing.id);
    if (h.verb === 'unpack') inside.get(h.parent!)!.clear();
    if (h.verb === 'transform')
      for (const input of h.things)
        for (const from of contents(input.id)) for (const to of h.outputs ?? []) edges.push([from, to.id]);
  }
  return edges;
};

const naivelyReached = (edges: readonly [string, string][], start: string): Set<string> => {
  const reached = new Set([start]);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const [from, to] of edges) if (reached.has(from)) reached.add(to);
  }
  reached.delete(start);
  return reached;
};

describe('the graph in memory', () => {
  it('reaches through units what was in them when they were used, reused and nested ones too, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        happenings.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.constantFrom(...LOTS)),
        ),
        async ([all, shuffled, start]) => {
          fc.pre(all.some((h) => [...h.things, ...(h.outputs ?? [])].some((t) => t.id === start)));
          const graph = graphOf(shuffled, masterDataOf([]));
          const { forward, back } = await trace({ lot: start, direction: 'both', includeEvents: true }, graph);
          const edges = naiveEdges(all);
          const lots = (side: typeof forward | typeof back): string[] =>
            (side?.lots ?? []).filter((l) => l.kind === 'lot').map((l) => l.id);
          expect(lots(forward).sort()).toEqual([...naivelyReached(edges, start)].sort());
          expect(lots(back).sort()).toEqual(
            [
              ...naivelyReached(
                edges.map(([from, to]) => [to, from]),
                start,
              ),
            ].sort(),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives the same answer in any order of arrival, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(
        happenings.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        async ([all, shuffled]) => {
          const start = all.flatMap((h) => h.things).find((t) => t.kind === 'lot')?.id;
          fc.pre(start !== undefined);
          const request = { lot: start, direction: 'both' as const, includeEvents: true };
          expect(await trace(request, graphOf(shuffled, masterDataOf([])))).toEqual(
            await trace(request, graphOf(all, masterDataOf([]))),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads lots under one id once they are identified, and apart again once separated', async () => {
    const at = (n: number): Happening['time'] => instant(`2026-01-0${n}T00:00:00Z`)!;
    const run = (id: string, from: string, to: string, n: number): Happening => ({
      id,
      logId: id,
      verb: 'transform',
      time: at(n),
      things: [lot(from)],
      outputs: [lot(to)],
      transformation: id,
    });
    const same = (id: string, n: number, apart: boolean): Happening => ({
      id,
      logId: id,
      verb: 'note',
      time: at(n),
      things: [lot('B'), lot('B-supplier')],
      alias: { lots: ['B', 'B-supplier'], apart },
    });
    const facts = [run('T1', 'A', 'B-supplier', 1), run('T2', 'B', 'C', 2), same('I', 3, false)];
    const reached = async (all: readonly Happening[]): Promise<string[] | undefined> =>
      (await trace({ lot: 'A', direction: 'forward' }, graphOf(all, masterDataOf([])))).forward?.lots.map((l) => l.id);
    expect(await reached(facts)).toEqual(['B', 'C']);
    expect(await reached([...facts, same('S', 4, true)])).toEqual(['B-supplier']);
  });

  it('leaves out what was voided, whichever came first', async () => {
    const made: Happening = {
      id: 'T',
      logId: '1',
      verb: 'transform',
      time: instant('2026-01-01T00:00:00Z')!,
      things: [lot('A')],
      outputs: [lot('B')],
      transformation: 'T',
    };
    const declaration: Happening = { ...made, logId: '2', verb: 'note', things: [], outputs: [], voids: 'T' };
    for (const order of [
      [made, declaration],
      [declaration, made],
    ])
      await expect(trace({ lot: 'A', direction: 'forward' }, graphOf(order, masterDataOf([])))).rejects.toMatchObject({
        code: 'lot-unknown',
      });
  });
});
