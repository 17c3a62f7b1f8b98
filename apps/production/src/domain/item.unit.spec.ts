import { describe, it } from '@jest/globals';
import { decided, ItemChanged, ItemDefined } from '#contracts';
import { given } from '#testkit';
import { itemDecider, type ItemDefinition } from './item.js';

const now = '2026-04-20T08:00:00.000Z';
const yoghurt: ItemDefinition = ItemDefined.sample;
const defined = decided(ItemDefined, now, yoghurt);

describe('an item', () => {
  it('is defined', () => {
    given(itemDecider).when({ type: 'define', definition: yoghurt, now }).then(defined);
  });

  it('is defined once: the same again changes nothing, another definition is a conflict', () => {
    given(itemDecider, defined).when({ type: 'define', definition: yoghurt, now }).thenNothing();
    const other = { ...yoghurt, name: 'Skyr' };
    given(itemDecider, defined).when({ type: 'define', definition: other, now }).thenRefused('item-exists');
  });

  it('is changed as a whole', () => {
    const definition: ItemDefinition = { ...yoghurt, shelfLife: { rule: 'inherited' } };
    given(itemDecider, defined)
      .when({ type: 'change', definition, now })
      .then(decided(ItemChanged, now, definition));
    given(itemDecider, defined, decided(ItemChanged, now, definition))
      .when({ type: 'change', definition, now })
      .thenNothing();
  });

  it('is not changed before it is defined', () => {
    given(itemDecider).when({ type: 'change', definition: yoghurt, now }).thenRefused('item-unknown');
  });

  it('is refused with every reason: units, shelf life, cost and recipe', () => {
    const amount = { value: '1', unit: 'EA' };
    const definition: ItemDefinition = {
      ...yoghurt,
      units: [{ unit: 'DZN', factor: '13' }],
      shelfLife: { rule: 'inherited', from: ['raw-material', 'raw-material'] },
      cost: { value: '0.35', currency: 'EUX' },
      recipe: {
        makes: amount,
        steps: [
          {
            step: 'fill',
            inputs: [{ item: 'urn:mass', amount }],
            outputs: [{ item: 'urn:cup', amount, role: 'product' }],
          },
        ],
      },
    };
    given(itemDecider)
      .when({ type: 'define', definition, now })
      .thenRefused('factor-contradicts', 'kind-listed-twice', 'currency-unknown', 'recipe-makes-another');
  });

  it('is not made of what is made of it, by way of another item', () => {
    const amount = { value: '1', unit: 'EA' };
    const recipe = (input: string, item: string) => ({
      makes: amount,
      steps: [
        { step: 'make', inputs: [{ item: input, amount }], outputs: [{ item, amount, role: 'product' as const }] },
      ],
    });
    const definition: ItemDefinition = { ...yoghurt, recipe: recipe('urn:mass', yoghurt.item) };
    given(itemDecider)
      .when({
        type: 'define',
        definition,
        now,
        others: [{ item: 'urn:mass', recipe: recipe(yoghurt.item, 'urn:mass') }],
      })
      .thenRefused('recipe-loop');
  });

  it('contains neither itself nor anything twice, and both are said at once', () => {
    const amount = { value: '6', unit: 'EA' };
    const definition: ItemDefinition = {
      ...yoghurt,
      contains: [
        { item: yoghurt.item, amount },
        { item: 'CUP', amount },
        { item: 'CUP', amount },
      ],
    };
    given(itemDecider).when({ type: 'define', definition, now }).thenRefused('contains-itself', 'content-listed-twice');
  });
});
