import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ItemDefined, LotReceived } from '#contracts';
import { createShelf, type Shelf } from '../../alerts/shelf.fixture.js';
import { valueAtRisk } from './value-at-risk.js';

const [EAST, WEST] = ['urn:test:place:east', 'urn:test:place:west'];
const meta = { source: 'test', actor: 'test', correlationId: 'test' };

describe('value at risk', () => {
  let shelf: Shelf;
  beforeEach(async () => {
    shelf = await createShelf();
    await shelf.keep();
    await shelf.site(EAST, 'Pacific/Auckland', [`${EAST}:cold`]);
    await shelf.site(WEST, 'America/Los_Angeles');
  });
  afterEach(() => shelf.close());

  const define = (item: string, cost: object | undefined): Promise<void> =>
    shelf.append(`item-${item}`, {
      ...{ id: randomUUID(), type: ItemDefined.type, schemaVersion: 1, eventTime: '2026-01-01T00:00:00Z', meta },
      data: { item, name: item, kind: 'ingredient', baseUnit: 'KGM', ...(cost && { cost }) },
    });
  const stock = (lotCode: string, item: string, expiry: string, place: string, value: string): Promise<void> => {
    const lot = `urn:test:lot:${lotCode}`;
    return shelf.append(`stock-${lot}`, {
      ...{ id: randomUUID(), type: LotReceived.type, schemaVersion: 1, eventTime: '2026-01-01T00:00:00Z', meta },
      data: {
        ...{ receipt: lotCode, lot, lotCode, item, place, quarantine: false, dates: { expiry } },
        amount: { value, unit: 'KGM' },
      },
    });
  };
  const risk = async (now: string, asked: object = {}): Promise<any> => {
    await shelf.settled();
    return valueAtRisk(shelf.database.pool, asked, { now: new Date(now), ours: [], timeZone: 'UTC' });
  };

  it('is of the ISO week of the day, expired by the clock of the site, in the currencies of the items', async () => {
    await define('urn:test:milk', { value: '0.5', currency: 'EUR' });
    await define('urn:test:nuts', { value: '3', currency: 'USD' });
    await define('urn:test:salt', undefined);
    // A Friday of the last week of 2026, which has 53.
    await stock('A', 'urn:test:milk', '2027-01-01', `${EAST}:cold`, '10');
    await stock('B', 'urn:test:milk', '2026-12-31', EAST, '1.5');
    await stock('C', 'urn:test:nuts', '2027-01-03', EAST, '2');
    await stock('D', 'urn:test:salt', '2027-01-02', EAST, '7');
    await stock('E', 'urn:test:milk', '2027-01-01', WEST, '4');
    await stock('F', 'urn:test:milk', '2027-01-04', WEST, '4');
    // It is 2 January in Auckland, and the last of December in Los Angeles.
    const { items } = await risk('2027-01-01T07:00:00+00:00');
    const kg = (value: string): object => ({ value, unit: 'KGM' });
    expect(items.map(({ week, begins, site }: any) => [week, begins, site])).toEqual([
      ['2026-W53', '2026-12-28', EAST],
      ['2026-W53', '2026-12-28', WEST],
      ['2027-W01', '2027-01-04', WEST],
    ]);
    expect(items[0]).toMatchObject({
      timeZone: 'Pacific/Auckland',
      ...{
        money: [
          { value: '5.75', currency: 'EUR' },
          { value: '6', currency: 'USD' },
        ],
        withoutCost: 1,
      },
      items: [
        { item: 'urn:test:milk', amount: kg('11.5'), expired: kg('1.5'), lots: 2, money: { value: '5.75' } },
        { item: 'urn:test:nuts', amount: kg('2'), expired: kg('0'), lots: 1, money: { value: '6' } },
        { item: 'urn:test:salt', amount: kg('7'), expired: kg('0'), lots: 1 },
      ],
    });
    expect(items[0].items[2].money).toBeUndefined();
    expect(items[1].items).toMatchObject([{ amount: kg('4'), expired: kg('0') }]);
    // A day later all of the first week but its last day is over in Auckland.
    const later = await risk('2027-01-02T12:00:00Z', { site: EAST });
    expect(later.items[0].items.map(({ expired }: any) => expired.value)).toEqual(['11.5', '0', '7']);
    const pages: unknown[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: any = await risk('2027-01-01T07:00:00Z', { limit: 1, cursor });
      pages.push(...page.items);
      cursor = page.next;
    }
    expect(pages).toEqual(items);
    expect((await risk('2027-01-01T07:00:00Z', { before: '2027-01-03', item: 'urn:test:milk' })).items).toHaveLength(2);
  });
});
