import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Share } from './exposure.js';
import { leg, plainGraph, transformation, type PlainGraph } from './spec/plain-graph.js';
import { randomGraph } from './spec/random-graph.js';
import { trace } from './trace.js';
import type { Trace } from './answer.js';

const kilos = (amount: { value: string; unit: string } | undefined): number | undefined =>
  amount?.unit === 'KGM' ? Number(amount.value) : amount?.unit === 'GRM' ? Number(amount.value) / 1000 : undefined;

/**
 * Independent: lets the suspect flow through the whole graph, round by round from nothing, until it no longer changes.
 * Only for graphs in one dimension with every quantity stated and positive.
 */
const naiveShares = (graph: PlainGraph, suspect: string): Map<string, number> => {
  const lots = [...new Set(graph.transformations.flatMap((t) => [...t.inputs, ...t.outputs].map((l) => l.lot)))];
  const phi = new Map(lots.map((lot) => [lot, lot === suspect ? 1 : 0]));
  const average = (parts: readonly { share: number; q: number }[], more = 0): number => {
    const total = parts.reduce((sum, { q }) => sum + q, more);
    return total === 0 ? 0 : parts.reduce((sum, { share: x, q }) => sum + x * q, 0) / total;
  };
  for (let change = 1; change > 1e-14;) {
    change = 0;
    const runs = new Map(
      graph.transformations.map((t) => [
        t.id,
        average(t.inputs.map((l) => ({ share: phi.get(l.lot) ?? 0, q: kilos(l.amount) ?? 0 }))),
      ]),
    );
    for (const lot of lots) {
      if (lot === suspect) continue;
      const fills = graph.transformations.flatMap((t) =>
        t.outputs.filter((l) => l.lot === lot).map((l) => ({ share: runs.get(t.id) ?? 0, q: kilos(l.amount) ?? 0 })),
      );
      const outside = (graph.received?.[lot] ?? []).reduce((sum, a) => sum + (kilos(a) ?? 0), 0);
      const next = average(fills, outside);
      change = Math.max(change, Math.abs(next - (phi.get(lot) ?? 0)));
      phi.set(lot, next);
    }
  }
  return phi;
};

/** Whether φ can be known, and if it is above zero, by repeating the rules on the whole graph until nothing changes. */
const naiveKnowledge = (graph: PlainGraph, suspect: string): Map<string, 'zero' | 'positive' | 'unknown'> => {
  type State = 'zero' | 'positive' | 'unknown';
  const state = new Map<string, State>();
  const get = (name: string): State => state.get(name) ?? 'zero';
  const worse = (a: State, b: State): State =>
    a === 'unknown' || b === 'unknown' ? 'unknown' : a === 'positive' ? a : b;
  const dimension = (unit: string | undefined): string | undefined =>
    unit === undefined ? undefined : unit === 'EA' ? 'count' : 'mass';
  const only = (dims: readonly (string | undefined)[]): string | undefined => {
    const set = new Set(dims.filter((d) => d !== undefined));
    return set.size === 1 ? [...set][0] : undefined;
  };
  const lots = new Set(graph.transformations.flatMap((t) => t.outputs.map((l) => l.lot)));
  for (let changed = true; changed;) {
    changed = false;
    const set = (name: string, next: State): void => {
      const merged = worse(get(name), next);
      if (merged === get(name)) return;
      state.set(name, merged);
      changed = true;
    };
    set(suspect, 'positive');
    for (const t of graph.transformations) {
      const outDims = t.outputs.map((l) => dimension(l.amount?.unit));
      const inDims = t.inputs.map((l) => dimension(l.amount?.unit));
      const fallback = outDims.some((d) => d !== undefined) ? only(outDims) : only(inDims);
      for (const out of t.outputs) {
        const d = dimension(out.amount?.unit) ?? fallback;
        let result: State = 'zero';
        for (const input of t.inputs) {
          if (Number(input.amount?.value ?? 1) === 0 || get(input.lot) === 'zero') continue;
          result = worse(result, dimension(input.amount?.unit) === d && d !== undefined ? get(input.lot) : 'unknown');
        }
        set(`${t.id} ${d}`, result);
      }
    }
    for (const lot of lots) {
      if (lot === suspect) continue;
      const fills = graph.transformations.flatMap((t) => {
        const outDims = t.outputs.map((l) => dimension(l.amount?.unit));
        const inDims = t.inputs.map((l) => dimension(l.amount?.unit));
        const fallback = outDims.some((d) => d !== undefined) ? only(outDims) : only(inDims);
        return t.outputs
          .filter((l) => l.lot === lot)
          .map((l) => ({ node: `${t.id} ${dimension(l.amount?.unit) ?? fallback}`, amount: l.amount }));
      });
      const carrying = fills.filter((f) => get(f.node) !== 'zero' && Number(f.amount?.value ?? 1) > 0);
      if (carrying.length === 0) continue;
      const others = fills.length > 1 || (graph.received?.[lot] ?? []).length > 0;
      let result: State = 'zero';
      for (const f of carrying) result = worse(result, get(f.node));
      if (others && carrying.some((f) => f.amount === undefined)) result = 'unknown';
      if (others && new Set(carrying.map((f) => dimension(f.amount?.unit))).size > 1) result = 'unknown';
      set(lot, result);
    }
  }
  return state;
};

const shares = (answer: Trace): Map<string, Share> =>
  new Map(
    answer.forward?.lots.map((lot) => [
      lot.id,
      { share: lot.exposure?.share ?? null, ...(lot.exposure?.why && { why: lot.exposure.why }) },
    ]),
  );

const share = async (graph: PlainGraph, lot: string): Promise<Share | undefined> =>
  shares(await trace({ lot: 'A', direction: 'forward' }, plainGraph(graph))).get(lot);

describe('exposure', () => {
  it('equals what flows through the whole graph, with loops, diamonds and several fillings', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph(), async (graph) => {
        fc.pre(graph.transformations.some((t) => t.inputs.some((l) => l.lot === 'L0')));
        const expected = naiveShares(graph, 'L0');
        const found = shares(await trace({ lot: 'L0', direction: 'forward' }, plainGraph(graph)));
        for (const [lot, { share: phi }] of found) expect(phi).toBeCloseTo(expected.get(lot) ?? 0, 9);
        for (const [lot, phi] of expected) if (!found.has(lot) && lot !== 'L0') expect(phi).toBeCloseTo(0, 9);
      }),
      { numRuns: 600 },
    );
  });

  it('knows what can be known and no more, in mixed units and with missing quantities', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph({ mixed: true }), async (graph) => {
        fc.pre(graph.transformations.some((t) => t.inputs.some((l) => l.lot === 'L0')));
        const expected = naiveKnowledge(graph, 'L0');
        const found = shares(await trace({ lot: 'L0', direction: 'forward' }, plainGraph(graph)));
        for (const [lot, { share: phi, why }] of found) {
          const state = phi === null ? 'unknown' : phi > 0 ? 'positive' : 'zero';
          expect([lot, state]).toEqual([lot, expected.get(lot) ?? 'zero']);
          expect(why === undefined).toBe(phi !== null);
          if (phi !== null) expect(phi).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves out inputs that carry nothing and have no quantity or another dimension', async () => {
    const graph: PlainGraph = {
      transformations: [
        transformation(
          'T',
          [leg('A', 10), leg('water', 30), leg('salt'), leg('can', undefined, { amount: { value: '4', unit: 'EA' } })],
          [leg('B', 40)],
        ),
      ],
    };
    expect(await share(graph, 'B')).toEqual({ share: 0.25 });
  });

  it('is unknown where the suspect itself has no quantity, and says why all the way down', async () => {
    const graph: PlainGraph = {
      transformations: [
        transformation('T', [leg('A'), leg('water', 30)], [leg('B', 40)]),
        transformation('U', [leg('B', 10), leg('C', 10)], [leg('D', 20)]),
      ],
    };
    expect(await share(graph, 'B')).toEqual({ share: null, why: 'input A of transformation T has no quantity' });
    expect(await share(graph, 'D')).toEqual({ share: null, why: 'input A of transformation T has no quantity' });
  });

  it('counts what a lot received from outside with nothing', async () => {
    const graph: PlainGraph = {
      transformations: [transformation('T', [leg('A', 10)], [leg('B', 10)])],
      received: { B: [{ value: '30', unit: 'KGM' }] },
    };
    expect(await share(graph, 'B')).toEqual({ share: 0.25 });
  });

  it('solves rework into an own ancestor as a fixed point', async () => {
    // Of B's 110 kg 10 come back from C; φ(B) = (50 + 10 φ(C)) / 110 with φ(C) = φ(B), so φ(B) = 50/100.
    const graph: PlainGraph = {
      transformations: [
        transformation('T', [leg('A', 50), leg('X', 50), leg('C', 10)], [leg('B', 110)]),
        transformation('U', [leg('B', 60)], [leg('C', 60)]),
      ],
    };
    expect((await share(graph, 'B'))?.share).toBeCloseTo(0.5, 12);
  });

  it('solves a loop larger than elimination is used for', async () => {
    const size = 1000;
    const ring = Array.from({ length: size }, (_, i) =>
      transformation(
        `T${String(i).padStart(4, '0')}`,
        [leg(`R${i}`, 9), leg(i === 0 ? 'A' : `X${i}`, i === 0 ? 1 : '0.001')],
        [leg(`R${(i + 1) % size}`, 10)],
      ),
    );
    const graph: PlainGraph = { transformations: ring };
    const found = shares(await trace({ lot: 'A', direction: 'forward' }, plainGraph(graph)));
    let phi = 0;
    for (let round = 0; round < 400; round++)
      for (let i = 0; i < size; i++) phi = i === 0 ? (9 * phi + 1) / 10 : (9 * phi) / 9.001;
    expect(found.get('R0')?.share).toBeCloseTo(phi, 12);
  });

  it('gives a piece the share of its lot, and counts suspect pieces in a lot of pieces as what they are', async () => {
    const graph: PlainGraph = {
      transformations: [],
      memberships: [
        { serial: 'A', lot: 'L' },
        { serial: 'S2', lot: 'L' },
      ],
      received: { L: [{ value: '10', unit: 'EA' }] },
    };
    expect(await share(graph, 'L')).toEqual({ share: 0.1 });
    expect(await share(graph, 'S2')).toEqual({ share: 0.1 });
    const byWeight: PlainGraph = { ...graph, received: { L: [{ value: '10', unit: 'KGM' }] } };
    expect((await share(byWeight, 'L'))?.share).toBeNull();
  });

  it('states worst case and proportion as exact text', async () => {
    const graph: PlainGraph = {
      transformations: [transformation('T', [leg('A', 10), leg('X', 20)], [leg('B', '30.30')])],
    };
    const answer = await trace({ lot: 'A', direction: 'forward' }, plainGraph(graph));
    expect(answer.forward?.lots[0]?.exposure).toEqual({
      worstCase: { value: '30.3', unit: 'KGM' },
      share: 1 / 3,
      proportional: { value: '10.1', unit: 'KGM' },
    });
  });
});
