import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Recipe, RecipeStep } from '#contracts';
import { recipeProblems, type Made } from './recipe-rules.js';

const amount = { value: '1', unit: 'KGM' };
const step = (name: string, inputs: string[], outputs: string[], rework: string[] = []): RecipeStep => ({
  step: name,
  inputs: [
    ...inputs.map((item) => ({ item, amount })),
    ...rework.map((item) => ({ item, amount, rework: true as const })),
  ],
  outputs: outputs.map((item) => ({ item, amount, role: 'product' as const })),
});
const made = (item: string, ...steps: RecipeStep[]): Made & { recipe: Recipe } => ({
  item,
  recipe: { makes: amount, steps },
});
const codes = (of: Made, others: Made[] = []): string[] => recipeProblems(of, others).map(({ code }) => code);

describe('a recipe', () => {
  it('goes from step to step', () => {
    expect(codes(made('cup', step('a', ['milk'], ['mass']), step('b', ['mass', 'lid'], ['cup'])))).toEqual([]);
    expect(codes({ item: 'milk' })).toEqual([]);
  });

  it('makes the item, names a step and what is in it once, and takes no more away than goes in', () => {
    expect(codes(made('cup', step('a', ['milk'], ['mass'])))).toEqual(['recipe-makes-another']);
    expect(codes(made('cup', step('a', ['milk', 'milk'], ['cup']), step('a', [], [])))).toEqual([
      'step-listed-twice',
      'recipe-item-listed-twice',
      'step-empty',
    ]);
    const cup = made('cup', step('a', ['milk'], ['cup']));
    const yields = [
      { unit: 'KGM', share: '1', loss: '1.01' },
      { unit: 'GRM', share: '1' },
    ];
    expect(codes({ ...cup, recipe: { ...cup.recipe, yields } })).toEqual(['yield-listed-twice', 'loss-too-large']);
  });

  it('does not need what is made of it, within itself or by way of others, but for rework', () => {
    const [self] = recipeProblems(made('cup', step('a', ['milk', 'cup'], ['cup'])), []);
    expect(self).toMatchObject({ code: 'recipe-loop', found: 'cup ← cup' });
    expect(codes(made('cup', step('a', ['milk'], ['cup'], ['cup'])))).toEqual([]);
    expect(codes(made('cup', step('a', ['w'], ['m']), step('b', ['m'], ['cup', 'w'])))).toEqual(['recipe-loop']);

    const cup = made('cup', step('a', ['mass'], ['cup']));
    const mass = made('mass', step('a', ['milk', 'base'], ['mass']));
    expect(codes(cup, [mass, made('base', step('a', ['salt'], ['base']))])).toEqual([]);
    const [loop] = recipeProblems(cup, [mass, made('base', step('a', ['cup'], ['base']))]);
    expect(loop?.found).toBe('cup ← mass ← base ← cup');
    expect(codes(cup, [mass, made('base', step('a', [], ['base'], ['cup']))])).toEqual([]);
  });

  it('is in a circle exactly if a walk over all pairs finds one through it', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const edges = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 10 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const sources = (i: number): string[] => [
          ...new Set(pairs.flatMap(([from, to]) => (to === i ? [names[from]!] : []))),
        ];
        const items = names.map((name, i) => made(name, step('s', sources(i), [name])));
        // Reachability by squaring the matrix.
        const reach = names.map((_, i) => names.map((_n, j) => sources(i).includes(names[j]!)));
        for (let k = 0; k < 5; k++)
          for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) reach[i]![j] ||= reach[i]![k]! && reach[k]![j]!;
        expect(codes(items[0]!, items.slice(1)).includes('recipe-loop')).toBe(reach[0]![0]);
      }),
    );
  });
});
