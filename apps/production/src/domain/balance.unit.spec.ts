import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TransformationStatement } from '#contracts';
import { ratioText } from '#kernel';
import { balanceOf, deviations } from './balance.js';
import { net, netJoined, seenIn, total, type Flow, type Quantity } from './flow.js';
import { planOf } from './recipe-plan.js';
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
    expect(balanceOf([flow], expected, items)).toEqual({
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
      deviations([flow], balanceOf([flow], [{ unit: 'KGM', share, tolerance, ...(loss && { loss }) }], items)).map(
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
    const none = balanceOf([{ ...flow, inputs: [] }], [{ unit: 'KGM', share: '0.97' }], items);
    expect(none.yields[0]).toMatchObject({ found: null, within: null });
  });

  it('tells what is missing of the recipe once nothing more comes', () => {
    const salt = { item: item('09506000134369'), amount: kgm('1') };
    const recipe = { inputs: [{ item: milkItem, amount: kgm('1') }, salt], outputs: [] };
    const codes = (isOver: boolean) =>
      deviations([{ ...flow, outputs: [] }], balanceOf([flow], [], items), recipe, isOver).map(({ code }) => code);
    expect(codes(false)).toEqual([]);
    expect(codes(true)).toEqual(['input-missing']);
  });

  it('is planned by the amount to be made, through the units of the item', () => {
    const step = {
      step: 'fill',
      inputs: [{ item: milkItem, amount: kgm('3') }],
      outputs: [{ item: cupItem, amount: { value: '6', unit: 'EA' }, role: 'product' as const }],
    };
    const makes = { value: '6', unit: 'EA' };
    expect(planOf(step, makes, kgm('10'), cups)).toEqual({
      inputs: [{ item: milkItem, amount: kgm('10') }],
      outputs: [{ item: cupItem, amount: { value: '20', unit: 'EA' }, role: 'product' }],
    });
    expect(planOf(step, makes, { value: '1', unit: 'EA' }, undefined)?.inputs).toEqual([
      { item: milkItem, amount: kgm('0.5') },
    ]);
    expect(planOf(step, makes, { value: '1', unit: 'LTR' }, cups)).toBeUndefined();
  });

  it('tells what the recipe does not have', () => {
    const recipe = { inputs: [], outputs: [{ item: cupItem, amount: kgm('1'), role: 'product' as const }] };
    expect(deviations([flow], balanceOf([flow], [], items), recipe)).toMatchObject([
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
  const sum = (legs: readonly { amount: { value: string } }[]): number =>
    legs.reduce((all, { amount }) => all + Number(amount.value), 0);

  it('leaves out what the run made and used up itself, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        const rest = netJoined(statements);
        const [into, out] = [statements.flatMap(({ inputs }) => inputs), statements.flatMap(({ outputs }) => outputs)];
        const sides = new Set(rest.inputs.map(({ lot }) => lot));
        expect(rest.outputs.filter(({ lot }) => sides.has(lot))).toEqual([]);
        for (const lot of lots) {
          const difference = sum(out.filter((one) => one.lot === lot)) - sum(into.filter((one) => one.lot === lot));
          const [side, none] = difference > 0 ? [rest.outputs, rest.inputs] : [rest.inputs, rest.outputs];
          expect(sum(side.filter((one) => one.lot === lot))).toBe(Math.abs(difference));
          expect(none.filter((one) => one.lot === lot)).toEqual([]);
        }
        // The same by another way: seen in one unit, lot by lot.
        const seen = net(seenIn('GRM', statements, new Map()));
        const grams = (of: Map<string, Quantity>): string => ratioText(total(of.values()));
        expect([grams(seen.inputs), grams(seen.outputs)]).toEqual([
          String(sum(rest.inputs) * 1000),
          String(sum(rest.outputs) * 1000),
        ]);
      }),
    );
  });
});

describe('a lot that is counted and weighed', () => {
  const both = { lot: cup, role: 'product' as const };
  const record = (amounts: { value: string; unit: string }[]): Flow => ({
    inputs: [],
    outputs: amounts.map((amount) => ({ ...both, amount })),
  });
  const kilos = (...flows: Flow[]): string => ratioText(total(seenIn('KGM', flows, items).outputs.values()));
  const pieces = (value: string) => ({ value, unit: 'EA' });

  it('is one quantity of goods: its weight counts as weighed, and its pieces where it was not', () => {
    expect(kilos(record([pieces('10'), kgm('5.2')]))).toBe('5.2');
    expect(kilos(record([pieces('10')]))).toBe('5');
    expect(kilos(record([pieces('10'), kgm('5.2')]), record([pieces('2')]))).toBe('6.2');
  });

  it('stands in both dimensions, side by side', () => {
    expect(balanceOf([record([pieces('10'), kgm('5.2')])], [], items).produced).toEqual([pieces('10'), kgm('5.2')]);
  });
});
