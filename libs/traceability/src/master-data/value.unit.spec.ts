import { describe, expect, it } from '@jest/globals';
import { ItemDefined, type RecordedEvent } from '#contracts';
import { decimal, decimalText } from '#kernel';
import { masterDataEntries } from './entries.js';
import { masterDataOf } from './master-data.js';
import { moneyOf, priceOf } from './value.js';

const defined = (cost: unknown, time: string, baseUnit = 'KGM'): RecordedEvent => ({
  ...{ id: '00000000-0000-4000-8000-000000000001', type: ItemDefined.type, schemaVersion: 1, eventTime: time },
  data: { item: 'urn:test:item', name: 'Milk', kind: 'ingredient', baseUnit, ...(cost !== undefined && { cost }) },
  meta: { source: 'test', actor: 'test', correlationId: 'c' },
  ...{ stream: 'item-urn:test:item', revision: 0, position: '1', recordTime: time },
});
const item = (...events: RecordedEvent[]) => masterDataOf(events.flatMap(masterDataEntries)).items.get('urn:test:item');
const EUR = { value: '0.1', currency: 'EUR' };

describe('what an item is worth', () => {
  it('follows from its cost in the unit it is counted in, exactly', () => {
    const price = priceOf(item(defined(EUR, '2026-01-01T00:00:00Z')), 'mass');
    expect(price && moneyOf(decimal('3'), price)).toEqual({ value: '0.3', currency: 'EUR' });
    const byTonne = priceOf(item(defined(EUR, '2026-01-01T00:00:00Z', 'TNE')), 'mass');
    expect(byTonne && decimalText(byTonne.value)).toBe('0.0001');
    const byGram = priceOf(item(defined(EUR, '2026-01-01T00:00:00Z', 'GRM')), 'mass');
    expect(byGram && decimalText(byGram.value)).toBe('100');
  });

  it('is not known without a cost, in another dimension, and once the definition has none any more', () => {
    const first = defined(EUR, '2026-01-01T00:00:00Z');
    expect(priceOf(item(first), 'count')).toBeUndefined();
    expect(priceOf(item(defined(undefined, '2026-01-01T00:00:00Z')), 'mass')).toBeUndefined();
    expect(priceOf(item(first, defined(undefined, '2026-02-01T00:00:00Z')), 'mass')).toBeUndefined();
    expect(priceOf(undefined, 'mass')).toBeUndefined();
  });
});
