import { describe, expect, it } from '@jest/globals';
import type { TransformationStatement } from '#contracts';
import type { ItemDefinition } from './item.js';
import { withDates } from './output-dates.js';

const item: ItemDefinition = {
  item: 'https://id.gs1.org/01/09506000134376',
  name: 'Yoghurt',
  kind: 'finished',
  baseUnit: 'KGM',
};
const lot = `${item.item}/10/YOG-0420`;
const statement = (dates?: { production?: string; expiry?: string }): TransformationStatement => ({
  kind: 'production',
  place: 'urn:place:1',
  inputs: [],
  outputs: [{ lot, amount: { value: '1', unit: 'KGM' }, role: 'product', ...(dates && { dates }) }],
});
// 23:30 in New York is already the next day in UTC: the day is the one in its own offset.
const eventTime = '2026-01-30T23:30:00-05:00';
const datesBy = (shelfLife: ItemDefinition['shelfLife'], dates?: { production?: string; expiry?: string }) =>
  withDates(statement(dates), eventTime, new Map([[item.item, { ...item, ...(shelfLife && { shelfLife }) }]]))
    .outputs[0]?.dates;

describe('dates of what is made', () => {
  it('has the day it was made on as production date', () => {
    expect(datesBy(undefined)).toEqual({ production: '2026-01-30' });
    expect(datesBy({ rule: 'inherited' })).toEqual({ production: '2026-01-30' });
  });

  it('expires after its fixed shelf life', () => {
    expect(datesBy({ rule: 'fixed', days: 28 })).toEqual({ production: '2026-01-30', expiry: '2026-02-27' });
    expect(datesBy({ rule: 'fixed', days: 1 }, { production: '2026-02-28' })).toEqual({
      production: '2026-02-28',
      expiry: '2026-03-01',
    });
  });

  it('is what the caller says where he says it', () => {
    expect(datesBy({ rule: 'fixed', days: 28 }, { expiry: '2026-03-01' })).toEqual({
      production: '2026-01-30',
      expiry: '2026-03-01',
    });
  });
});
