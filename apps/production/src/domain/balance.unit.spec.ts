import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TransformationStatement } from '#contracts';
import { balanceOf, deviations, netFlow, type Flow } from './balance.js';
import type { ItemDefinition } from './item.js';

const kgm = (value: string) => ({ value, unit: 'KGM' });
const item = (digits: string) => `https://id.gs1.org/01/${digits}`;
const [milkItem, cupItem] = [item('09506000134352'), item('09506000134376')];
const [milk, cup] = [`${milkItem}/10/M`, `${cupItem}/10/C`];
const cups: ItemDefinition = {
  item: cupItem,
  name: 'Cup',
  kind: 'finished',
  baseUnit: 'EA',
  units: [{ unit: 'KGM', factor: '2' }],
};
const items = new Map([[cupItem, cups]]);
const flow: Flow = {
  inputs: [{ lot: milk, amount: kgm('100') }],
  outputs: [
    { lot: cup, amount: { value: '190', unit: 'EA' }, role: 'product' },
    { lot: 'urn:x:scraps', amount: kgm('2'), role: 'waste' },
  ],
  losses: [{ amount: { value: '1000', unit: 'GRM' } }],
};

describe('the balance of a step', () => {
  it('has each dimension side by side, and yields in the unit of the recipe by the units of the items', () => {
    const expected = [{ unit: 'KGM', share: '0.97', tolerance: '0.02', loss: '0.03' }];
    expect(balanceOf(flow, expected, items)).toEqual({
      consumed: [kgm('100')],
      produced: [{ value: '190', unit: 'EA' }],
      waste: [kgm('2')],
      lost: [kgm('1')],
      yields: [
        {
          unit: 'KGM',
          expected: '0.97',
          tolerance: '0.02',
          found: '0.95',
          loss: { expected: '0.03', found: '0.03' },
          within: true,
        },
      ],
    });
  });

  it('tells what lies outside the tolerance, exactly at its edge', () => {
    const found = (share: string, tolerance: string, loss?: string) =>
      deviations(flow, balanceOf(flow, [{ unit: 'KGM', share, tolerance, ...(loss && { loss }) }], items)).map(
        ({ code }) => code,
      );
    expect(found('0.97', '0.0199')).toEqual(['yield-deviates']);
    expect(found('0.94', '0.01')).toEqual([]);
    expect(found('0.9399', '0.01')).toEqual(['yield-deviates']);
    expect(found('0.95', '0', '0.0299')).toEqual(['yield-deviates']);
    // Less lost than expected is no fault.
    expect(found('0.95', '0', '0.1')).toEqual([]);
  });

  it('says nothing of a yield before anything went in', () => {
    const none = balanceOf({ ...flow, inputs: [] }, [{ unit: 'KGM', share: '0.97' }], items);
    expect(none.yields[0]).toMatchObject({ found: null, within: null });
  });

  it('tells what the recipe does not have', () => {
    const recipe = { inputs: [], outputs: [{ item: cupItem, amount: kgm('1'), role: 'product' as const }] };
    expect(deviations(flow, balanceOf(flow, [], items), recipe)).toMatchObject([
      { code: 'input-not-in-recipe', found: milk },
    ]);
  });
});

describe('the balance of a run', () => {
  const lots = ['urn:l:a', 'urn:l:b', 'urn:l:c'];
  const leg = fc.record({ lot: fc.constantFrom(...lots), amount: fc.integer({ min: 1, max: 9 }).map(String).map(kgm) });
  const statement = fc
    .record({ inputs: fc.array(leg), outputs: fc.array(leg) })
    .map(({ inputs, outputs }): TransformationStatement => ({
      kind: 'production',
      place: 'urn:p',
      inputs,
      outputs: outputs.map((output) => ({ ...output, role: 'product' })),
    }));
  const total = (legs: readonly { amount: { value: string } }[]): number =>
    legs.reduce((sum, { amount }) => sum + Number(amount.value), 0);

  it('leaves out what the run made and used up itself, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        const net = netFlow(statements);
        const [into, out] = [statements.flatMap(({ inputs }) => inputs), statements.flatMap(({ outputs }) => outputs)];
        expect(total(net.outputs) - total(net.inputs)).toBe(total(out) - total(into));
        const sides = new Set(net.inputs.map(({ lot }) => lot));
        expect(net.outputs.filter(({ lot }) => sides.has(lot))).toEqual([]);
        for (const lot of lots) {
          const difference = total(out.filter((one) => one.lot === lot)) - total(into.filter((one) => one.lot === lot));
          const side = difference > 0 ? net.outputs : net.inputs;
          expect(total(side.filter((one) => one.lot === lot))).toBe(Math.abs(difference));
        }
      }),
    );
  });
});
