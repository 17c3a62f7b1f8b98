import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidFromName } from '#kernel';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { afterInheritedExpiry } from './graph/inherited-expiry.js';
import { presentGraph } from './graph/present-graph.js';
import { createModel, inTransaction, type Model } from './specs/model.js';
import { recorded, type Unrecorded } from './specs/recorded.js';

const PLANT = 'urn:test:place:plant';
const [MILK, CAKE] = ['https://id.gs1.org/01/09521321000018/10/M', 'https://id.gs1.org/01/09521321000025/10/C'];
const kg = (lot: string, value: string, more: object = {}): object => ({
  ...{ lot, quantity: { value, unit: 'KGM' }, ...more },
});
const fact = (name: string, type: string, eventTime: string, data: object): Unrecorded => ({
  ...{ id: uuidFromName(name), type, eventTime },
  data: { eventId: `urn:test:${name}`, ...data },
});
const RULE: Unrecorded = {
  ...{ id: uuidFromName('rule'), type: 'ItemDefined', eventTime: '2026-01-01T00:00:00Z' },
  data: {
    ...{ item: 'https://id.gs1.org/01/09521321000025', name: 'Cake', kind: 'finished', baseUnit: 'KGM' },
    shelfLife: { rule: 'inherited' },
  },
};
const EVENTS = [
  RULE,
  fact('received', 'GoodsReceived', '2026-03-01T08:00:00Z', {
    ...{ place: PLANT, goods: [kg(MILK, '10', { dates: { expiry: '2026-03-10' } })] },
  }),
  fact('made', 'ProductionRecorded', '2026-03-02T08:00:00Z', {
    ...{ place: PLANT, inputs: [kg(MILK, '5')], outputs: [kg(CAKE, '5')] },
  }),
  // Still the 10th where it was written, though the 11th in UTC; then the other way round.
  fact('in-time', 'GoodsShipped', '2026-03-10T23:30:00-05:00', {
    from: PLANT,
    to: 'urn:test:shop',
    goods: [kg(CAKE, '1')],
  }),
  fact('late', 'GoodsShipped', '2026-03-11T00:30:00+05:00', {
    from: PLANT,
    to: 'urn:test:shop',
    goods: [kg(CAKE, '2')],
  }),
  fact('scrapped', 'LotScrapped', '2026-03-12T08:00:00Z', { place: PLANT, goods: [kg(CAKE, '1')] }),
];

describe('an expiry date inherited from inputs', () => {
  let database: TestDatabase;
  let model: Model;
  beforeAll(async () => {
    database = await createTestDatabase();
    model = await createModel(database, 'm');
  });
  afterAll(() => database.drop());

  it('is judged by when it is read, and moves with the inputs', async () => {
    await model.apply(recorded(EVENTS));
    const found = await inTransaction(database, (client) => afterInheritedExpiry(client, 'm'));
    expect(found).toMatchObject([
      {
        ...{ kind: 'shipped-after-expiry', lot: CAKE, place: PLANT, events: ['urn:test:late'] },
        amount: { value: '2', unit: 'KGM' },
        explanation: expect.stringContaining('expired on 2026-03-10'),
      },
    ]);
    const told = await presentGraph(database.pool, 'm', '').discrepancies([CAKE]);
    expect(told.map(({ key }) => key)).toContain(found[0]?.key);
    const extended = fact('extended', 'LotDatesStated', '2026-03-05T08:00:00Z', {
      lots: [{ lot: MILK, dates: { expiry: '2026-03-31' } }],
    });
    await model.apply(recorded([extended], EVENTS.length + 1));
    expect(await inTransaction(database, (client) => afterInheritedExpiry(client, 'm'))).toEqual([]);
  });
});
