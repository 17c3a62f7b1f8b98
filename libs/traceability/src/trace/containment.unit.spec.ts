import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentsOf, unitsHolding } from './containment.js';
import type { Stay } from './graph.js';
import { leg, plainGraph, transformation } from './spec/plain-graph.js';
import { trace } from './trace.js';

const stay = (unit: string, content: string, from: string, to?: string): Stay => ({
  unit,
  content,
  from,
  ...(to !== undefined && { to }),
});

describe('units', () => {
  it('are reached for the time they held a reached lot, and their other contents are not entered', async () => {
    const graph = plainGraph({
      transformations: [
        transformation('T1', [leg('A', 1)], [leg('B', 1)]),
        transformation('T2', [leg('OTHER', 1)], [leg('X', 1)]),
      ],
      stays: [stay('TOTE', 'B', '2', '4'), stay('TOTE', 'OTHER', '3', '6'), stay('TOTE', 'B', '8')],
    });
    const { forward } = await trace({ lot: 'A', direction: 'forward' }, graph);
    expect(forward?.lots.map((lot) => lot.id)).toEqual(['B']);
    expect(forward?.units).toEqual([
      {
        id: 'TOTE',
        depth: 1,
        held: [
          { lot: 'B', from: '2Z', to: '4Z' },
          { lot: 'B', from: '8Z' },
        ],
      },
    ]);
  });

  it('nest: an outer unit is reached for the time that is common to both', async () => {
    const graph = plainGraph({
      transformations: [],
      stays: [stay('CASE', 'A', '01', '09'), stay('PALLET', 'CASE', '03', '05'), stay('PALLET', 'CASE', '12', '14')],
    });
    const units = await unitsHolding(new Map([['A', 0]]), graph);
    expect(units).toEqual([
      { id: 'CASE', depth: 0, held: [{ lot: 'A', from: '01', to: '09' }] },
      { id: 'PALLET', depth: 0, held: [{ lot: 'A', from: '03', to: '05' }] },
    ]);
  });

  it('as a start stand for all they ever held, also in units inside them while they were there', async () => {
    const graph = plainGraph({
      transformations: [transformation('T', [leg('A', 1)], [leg('M', 1)])],
      stays: [
        stay('PALLET', 'CASE', '3', '5'),
        stay('CASE', 'A', '1', '4'),
        stay('CASE', 'LATER', '7', '9'),
        stay('PALLET', 'LOOSE', '2', '9'),
      ],
    });
    expect(await contentsOf('PALLET', graph)).toEqual(['A', 'LOOSE']);
    const answer = await trace({ lot: 'PALLET', direction: 'forward', includeEvents: true }, graph);
    expect(answer.forward?.lots.map((lot) => [lot.id, lot.depth])).toEqual([
      ['A', 0],
      ['LOOSE', 0],
      ['M', 1],
    ]);
    expect(answer.forward?.units.map((u) => u.id)).toEqual(['CASE']);
    expect(answer.events).toEqual(expect.arrayContaining(['PALLET ..', 'CASE 1..4', 'A ..']));
  });

  it('end even where the record says that they contain each other, and equal a naive search', async () => {
    const key = fc.integer({ min: 0, max: 9 }).map(String);
    const stays = fc.array(
      fc
        .tuple(fc.constantFrom('U1', 'U2', 'U3'), fc.constantFrom('U1', 'U2', 'U3', 'A', 'B'), key, fc.option(key))
        .map(([unit, content, from, to]) => stay(unit, content, from, to === null || to < from ? undefined : to)),
      { maxLength: 8 },
    );
    const covers = (rows: readonly Stay[], unit: string, content: string, at: string): boolean =>
      rows.some((s) => s.unit === unit && s.content === content && s.from <= at && (s.to === undefined || at <= s.to));
    /** At each single moment: is A in the unit, through whatever is in whatever then? */
    const naive = (rows: readonly Stay[]): Set<string> => {
      const found = new Set<string>();
      for (let moment = 0; moment <= 10; moment++) {
        const inside = new Set(['A']);
        for (let changed = true; changed;) {
          changed = false;
          for (const unit of ['U1', 'U2', 'U3'])
            if (!inside.has(unit) && [...inside].some((content) => covers(rows, unit, content, String(moment)))) {
              inside.add(unit);
              changed = true;
            }
        }
        for (const unit of inside) if (unit !== 'A') found.add(`${unit} ${moment}`);
      }
      return found;
    };
    await fc.assert(
      fc.asyncProperty(stays, async (rows) => {
        const units = await unitsHolding(new Map([['A', 0]]), plainGraph({ transformations: [], stays: rows }));
        const moments = new Set<string>();
        for (const { id, held } of units)
          for (const { from, to } of held)
            for (let moment = 0; moment <= 9; moment++)
              if (from <= String(moment) && (to === undefined || String(moment) <= to)) moments.add(`${id} ${moment}`);
        const expected = new Set([...naive(rows)].filter((m) => !m.endsWith(' 10')));
        expect(moments).toEqual(expected);
      }),
      { numRuns: 800 },
    );
  });
});
