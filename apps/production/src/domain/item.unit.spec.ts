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
