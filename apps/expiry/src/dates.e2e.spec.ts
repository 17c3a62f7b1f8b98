import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Answer, type Standalone } from '../../../test/support/start-standalone.js';

const MILK = '09506000134352';
const PLANT = 'https://id.gs1.org/414/9506000100016';

describe('dates of lots over HTTP', () => {
  let lotline: Standalone;
  let position = '';
  beforeAll(async () => {
    lotline = await startStandalone({
      clock: () => new Date('2026-05-01T22:30:00Z'),
      // It is 2 May there.
      env: { LOTLINE_EXPIRY_LEADS: '7,0', LOTLINE_TIME_ZONE: 'Europe/Berlin' },
    });
  });
  afterAll(() => lotline.stop());

  const seen = (answer: Answer): Answer => {
    const at = answer.headers['x-log-position'] ?? '';
    if (at > position) position = at;
    return answer;
  };
  const receive = async (lotCode: string, dates: object, amount = '10'): Promise<string> => {
    const body = { item: MILK, lotCode, amount: { value: amount, unit: 'KGM' }, place: PLANT, dates };
    const answer = seen(await lotline.api('POST', '/inventory/receipts', { body }));
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body.lot;
  };
  const get = async (path: string): Promise<any> => {
    const answer = await lotline.api('GET', `${path}${path.includes('?') ? '&' : '?'}minPosition=${position}`);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body;
  };

  it('are read as GS1 writes them, and tell who changed them why', async () => {
    const lot = await receive('A', { expiry: '260500', production: '260401' });
    const path = `/inventory/lots/${encodeURIComponent(lot)}/dates`;
    const change = { dates: { expiry: '2026-06-30' }, reason: 'retested: within specification' };
    expect(seen(await lotline.api('POST', path, { body: change })).status).toBe(200);
    expect((await lotline.api('POST', path, { body: { dates: { expiry: '260631' }, reason: 'x' } })).status).toBe(400);
    const trail = await get(`/expiry/lots/${encodeURIComponent(lot)}/dates`);
    expect(trail).toMatchObject({
      ...{ lot, dates: { production: '2026-04-01', expiry: '2026-06-30' }, inheritedDates: [], complete: true },
      trail: [
        { type: 'LotReceived', dates: { production: '2026-04-01', expiry: '2026-05-31' }, voided: false },
        {
          ...{ type: 'LotDatesChanged', dates: { expiry: '2026-06-30' }, before: { expiry: '2026-05-31' } },
          ...{ reason: change.reason, actor: expect.any(String), recordedAt: expect.any(String), voided: false },
        },
      ],
    });
    expect((await lotline.api('GET', '/expiry/lots/urn:test:none/dates')).status).toBe(404);
  });

  it('put stock at risk by week and site', async () => {
    await receive('B', { expiry: '2026-05-01' }, '2.5');
    const { items } = await get('/expiry/value-at-risk?before=2026-05-31');
    expect(items).toEqual([
      {
        ...{
          week: '2026-W18',
          begins: '2026-04-27',
          site: PLANT,
          timeZone: 'Europe/Berlin',
          money: [],
          withoutCost: 1,
        },
        items: [
          {
            ...{ item: `https://id.gs1.org/01/${MILK}`, lots: 1 },
            ...{ amount: { value: '2.5', unit: 'KGM' }, expired: { value: '2.5', unit: 'KGM' } },
          },
        ],
      },
    ]);
    expect((await get('/expiry/value-at-risk')).items.map(({ week }: any) => week)).toEqual(['2026-W18', '2026-W27']);
    expect((await lotline.api('GET', '/expiry/value-at-risk?before=soon')).status).toBe(400);
  });

  it('block what has expired by the clock of the site, for commands', async () => {
    const lot = `https://id.gs1.org/01/${MILK}/10/B`;
    const lines = [{ lot, place: PLANT, amount: { value: '1', unit: 'KGM' } }];
    const refused = async (path: string, body: object): Promise<unknown> => {
      const answer = await lotline.api('POST', path, { body });
      return [answer.status, answer.body.problems?.map(({ code }: any) => code)];
    };
    const expired = [422, ['lot-expired']];
    expect(await refused('/inventory/allocations', { allocation: 'A-1', for: 'order:1', lines })).toEqual(expired);
    expect(await refused('/inventory/issues', { reference: 'shipment:S-1', lines })).toEqual(expired);
    expect((await get(`/inventory/stock?lot=${encodeURIComponent(lot)}`)).items[0].status).toBe('expired');
    // By the day that is asked for, where one is.
    const body = { allocation: 'A-2', for: 'order:1', lines, neededOn: '2026-05-01' };
    expect((await lotline.api('POST', '/inventory/allocations', { body })).status).toBe(201);
  });

  it('are told of as far ahead as is set for the item and the site', async () => {
    const set = async (body: object): Promise<Answer> => seen(await lotline.api('PUT', '/expiry/leads', { body }));
    await receive('C', { expiry: '2026-05-20' });
    expect((await set({ item: MILK, site: PLANT, leads: [3, 20, 3], why: 'slow' })).body).toMatchObject({
      leads: [20, 3],
    });
    const alerts = async (): Promise<string[]> =>
      (await get('/expiry/alerts')).items.map(({ told }: any) => `${told.lotCode} ${told.lead}`);
    await lotline.until('an alert 20 days ahead', async () => (await alerts()).includes('C 20'));
    expect(await get('/expiry/leads')).toMatchObject({ default: [7, 0], items: [{ site: PLANT, leads: [20, 3] }] });
    expect((await set({ item: MILK, site: PLANT })).status).toBe(200);
    expect((await get('/expiry/leads')).items).toEqual([]);
    const nothing = await set({ leads: [1] });
    expect([nothing.status, nothing.body.problems[0].code]).toEqual([400, 'leads-of-nothing']);
    expect((await set({ item: MILK, leads: [-1] })).status).toBe(400);
  });
});
