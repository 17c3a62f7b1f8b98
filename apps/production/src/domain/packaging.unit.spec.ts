import { describe, expect, it } from '@jest/globals';
import type { ItemDefinition } from './item.js';
import { levelsInside, packagingProblems } from './packaging.js';

const item = (
  name: string,
  contains: [string, string, string?][],
  more: Partial<ItemDefinition> = {},
): ItemDefinition => ({
  item: name,
  name,
  kind: 'finished',
  baseUnit: 'EA',
  ...more,
  ...(contains.length > 0 && {
    contains: contains.map(([of, value, unit = 'EA']) => ({ item: of, amount: { value, unit } })),
  }),
});
const all = (...items: ItemDefinition[]): Map<string, ItemDefinition> => new Map(items.map((one) => [one.item, one]));

describe('levels of packaging', () => {
  it('multiply on the way inside and add up over all ways', () => {
    const items = all(
      item('pallet', [
        ['case', '4', 'DZN'],
        ['promo', '2'],
      ]),
      item('promo', [['case', '3']]),
      item('case', [
        ['cup', '12'],
        ['tray', '0.5', 'KGM'],
      ]),
      item('cup', []),
    );
    const amount = (value: string, unit = 'EA') => ({ value, unit });
    expect(levelsInside('case', items)).toEqual([
      { item: 'cup', depth: 1, amount: amount('12') },
      { item: 'tray', depth: 1, amount: amount('0.5', 'KGM') },
    ]);
    const inPallet = Object.fromEntries(levelsInside('pallet', items).map((level) => [level.item, level]));
    expect(inPallet).toMatchObject({
      case: { depth: 1, amount: amount('54') },
      cup: { depth: 2, amount: amount(String((48 + 6) * 12)) },
      tray: { depth: 2, amount: amount('27', 'KGM') },
    });
  });

  it('go through weight where the item says what a piece weighs, and are not told where it does not', () => {
    const box = item('box', [['bar', '6', 'KGM']]);
    const bar = (units?: ItemDefinition['units']) =>
      item('bar', [['wrap', '1']], { baseUnit: 'KGM', ...(units && { units }) });
    const wrapped = (units?: ItemDefinition['units']) => levelsInside('box', all(box, bar(units)))[1]?.amount;
    expect(wrapped([{ unit: 'EA', factor: '0.5' }])).toEqual({ value: '12', unit: 'EA' });
    expect(wrapped()).toBeNull();
  });

  it('are looked into once each, however many ways lead there', () => {
    const levels = Array.from({ length: 60 }, (_, n) => [
      item(`a${n}`, [
        [`a${n + 1}`, '1'],
        [`b${n + 1}`, '1'],
      ]),
      item(`b${n}`, [
        [`a${n + 1}`, '1'],
        [`b${n + 1}`, '1'],
      ]),
    ]).flat();
    const last = levelsInside('a0', all(...levels)).find((level) => level.item === 'a60');
    expect(last).toEqual({ item: 'a60', depth: 60, amount: { value: String(2n ** 59n), unit: 'EA' } });
  });

  it('never go in a circle: refused, and if two changes make one at once, walked once', () => {
    const [a, b] = [item('a', [['b', '2']]), item('b', [['a', '2']])];
    expect(packagingProblems(a, [b])).toMatchObject([{ code: 'contains-loop', found: 'a ⊃ b ⊃ a' }]);
    expect(packagingProblems(a, [item('b', [['c', '1']])])).toEqual([]);
    expect(levelsInside('a', all(a, b)).map((level) => level.item)).toEqual(['b']);
  });
});
