import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kg, type Reporter, reporterOf, said } from '../../../test/support/reporter.js';
import { type Answer, startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

const MILK_ITEM = 'https://id.gs1.org/01/09521321000018';
const [MILK, CHEESE] = [`${MILK_ITEM}/10/M-1`, 'https://id.gs1.org/01/09521321000025/10/C-1'];
const PLANT = 'https://id.gs1.org/414/9521321000007';
const FEBRUARY = { from: '2026-02-01', to: '2026-02-28' };
const PERIOD = '2026-02-01--2026-02-28';

describe('the mass balance of a period', () => {
  let lotline: Standalone;
  let reporter: Reporter;
  const now = new Date('2026-03-10T12:00:00Z');
  beforeAll(async () => {
    lotline = await startStandalone({ clock: () => now, env: { LOTLINE_TIME_ZONE: 'Europe/Berlin' } });
    reporter = reporterOf(lotline);
    await reporter.tell(
      // Already February at the site.
      said('GoodsReceived', '2026-01-31T23:30:00Z', { place: PLANT, goods: [{ lot: MILK, quantity: kg('100') }] }),
      said('ProductionRecorded', '2026-02-10T08:00:00Z', {
        ...{ place: PLANT, inputs: [{ lot: MILK, quantity: kg('60') }] },
        outputs: [{ lot: CHEESE, quantity: kg('55') }],
      }),
      said('GoodsShipped', '2026-02-20T08:00:00Z', {
        ...{ from: PLANT, consignee: 'urn:test:party:shop', goods: [{ lot: CHEESE, quantity: kg('20') }] },
      }),
      // March at the site, February in UTC.
      said('LotScrapped', '2026-02-28T23:30:00Z', { place: PLANT, goods: [{ lot: CHEESE, quantity: kg('5') }] }),
    );
  });
  afterAll(() => lotline.stop());

  const told = ({ items }: any): object =>
    Object.fromEntries(
      items.map(({ item, site: _site, timeZone: _zone, unit: _unit, ...figures }: any) => [
        item.slice(-14),
        Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== '0')),
      ]),
    );
  const close = (period: object): Promise<Answer> => lotline.api('POST', '/genealogy/periods', { body: period });
  const refusals = ({ status, body }: Answer): unknown => [status, body.code, body.problems?.map((p: any) => p.code)];

  it('adds up by item and site, in days of the site', async () => {
    const balance = await reporter.get('/genealogy/mass-balance', FEBRUARY);
    expect(told(balance)).toEqual({
      '09521321000018': { received: '100', consumed: '60', closing: '40' },
      '09521321000025': { made: '55', shipped: '20', closing: '35' },
    });
    expect(balance.items[0]).toMatchObject({ item: MILK_ITEM, site: PLANT, timeZone: 'Europe/Berlin', unit: 'KGM' });
    expect(balance).toMatchObject({ ...FEBRUARY, complete: true, parked: [], position: expect.any(String) });
    const march = await reporter.get('/genealogy/mass-balance', { from: '2026-03-01', to: '2026-03-31' });
    expect(told(march)).toEqual({
      '09521321000018': { opening: '40', closing: '40' },
      '09521321000025': { opening: '35', scrapped: '5', closing: '30' },
    });
    const january = await reporter.get('/genealogy/mass-balance', { from: '2026-01-01', to: '2026-01-31' });
    expect(january.items).toEqual([]);
    const first = await reporter.get('/genealogy/mass-balance', { ...FEBRUARY, limit: '1' });
    const second = await reporter.get('/genealogy/mass-balance', { ...FEBRUARY, limit: '1', cursor: first.next });
    expect([...first.items, ...second.items]).toEqual(balance.items);
    expect(second.next).toBeUndefined();
    const one = await reporter.get('/genealogy/mass-balance', { ...FEBRUARY, item: '09521321000025', site: PLANT });
    expect(one.items).toEqual(balance.items.slice(1));
    const csv = await lotline.api('GET', '/genealogy/mass-balance?from=2026-02-01&to=2026-02-28', {
      headers: { accept: 'text/csv' },
    });
    expect(csv.body.split('\r\n')[0]).toMatch(/^item,site,unit,opening,received,made,/);
    expect(csv.body).toContain(`${MILK_ITEM},${PLANT},KGM,0,100,0,`);
  });

  it.each([
    ['', ['day-missing', 'day-missing']],
    ['?from=2026-02-01', ['day-missing']],
    ['?from=2026-02-28&to=2026-02-01', ['period-reversed']],
    ['?period=2026-02-01--2026-02-28&from=2026-02-01', ['period-and-days']],
  ])('is refused for %j', async (query, codes) => {
    expect(refusals(await lotline.api('GET', `/genealogy/mass-balance${query}`))).toEqual([
      400,
      'invalid-request',
      codes,
    ]);
  });

  it('is frozen when its period is closed, which follows on the one before', async () => {
    expect((await lotline.api('GET', `/genealogy/mass-balance?period=${PERIOD}`)).status).toBe(404);
    const closed = await close({ ...FEBRUARY, why: 'month end' });
    expect([closed.status, closed.body]).toMatchObject([201, { period: PERIOD, rows: 2, parts: 1, complete: true }]);
    expect(closed.headers['x-log-position']! > closed.body.knownAt).toBe(true);
    expect(refusals(await close({ ...FEBRUARY, why: 'again' }))).toEqual([422, 'period-refused', ['period-closed']]);
    expect(refusals(await close({ from: '2026-02-15', to: '2026-03-05', why: 'x' }))).toEqual([
      ...[422, 'period-refused', ['period-overlaps']],
    ]);
    expect(refusals(await close({ from: '2026-03-02', to: '2026-03-31', why: 'x' }))).toEqual([
      ...[422, 'period-refused', ['period-gap', 'period-not-ended']],
    ]);
    expect((await close({ from: '2026-03-01', to: '2026-03-09' })).status).toBe(400);
    const list = await reporter.get('/genealogy/periods');
    expect(list.items).toEqual([{ ...closed.body, closedBy: expect.any(String), closedAt: expect.any(String) }]);
    expect(await reporter.get(`/genealogy/periods/${PERIOD}`)).toEqual(list.items[0]);
  });

  it('shows what is learnt later as a correction, by lot and event', async () => {
    const [scrapped, used] = [
      'urn:uuid:00000000-0000-4000-8000-000000000001',
      'urn:uuid:00000000-0000-4000-8000-000000000002',
    ];
    await reporter.tell(
      said(
        'LotScrapped',
        '2026-02-25T08:00:00Z',
        { place: PLANT, goods: [{ lot: MILK, quantity: kg('3') }] },
        { id: scrapped },
      ),
      said(
        'ProductionRecorded',
        '2026-02-26T08:00:00Z',
        {
          ...{ place: PLANT, inputs: [{ lot: MILK, quantity: kg('50') }] },
          outputs: [{ lot: 'https://id.gs1.org/01/09521321000032/10/W-1', quantity: kg('50') }],
        },
        { id: used },
      ),
    );
    const { items, verified, period } = await reporter.get('/genealogy/mass-balance', { period: PERIOD });
    expect([verified, period.why, items.length]).toEqual([true, 'month end', 3]);
    const some = (figures: object): object => Object.fromEntries(Object.entries(figures).filter(([, v]) => v !== '0'));
    const [milk, cheese, whey] = items;
    expect(some(milk.frozen)).toEqual({ received: '100', consumed: '60', closing: '40' });
    expect(some(milk.now)).toEqual({ received: '100', unexplained: '13', consumed: '110', scrapped: '3' });
    const change = { unexplained: '13', consumed: '50', scrapped: '3', closing: '-40' };
    expect(some(milk.difference)).toEqual(change);
    expect(milk.corrections).toMatchObject([{ lot: MILK, difference: change }]);
    expect(milk.corrections[0].events).toMatchObject([
      { type: 'LotScrapped', time: '2026-02-25T08:00:00Z', recordedAt: expect.any(String) },
      { type: 'ProductionRecorded', time: '2026-02-26T08:00:00Z' },
    ]);
    expect(milk.otherwise).toBeUndefined();
    expect([whey.frozen, whey.difference.made, whey.corrections.length]).toEqual([null, '50', 1]);
    expect([cheese.difference, cheese.corrections, cheese.frozen]).toEqual([undefined, undefined, cheese.now]);
  });

  it('is closed once, by whoever is first', async () => {
    const march = { from: '2026-03-01', to: '2026-03-09', why: 'early close' };
    const answers = await Promise.all([close(march), close(march), close({ ...march, to: '2026-03-08' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    const periods = (await reporter.get('/genealogy/periods')).items;
    expect(periods.map(({ from }: any) => from)).toEqual(['2026-02-01', '2026-03-01']);
    const { items } = await reporter.get('/genealogy/mass-balance', { period: periods[1].period });
    expect(items.map(({ difference }: any) => difference)).toEqual(items.map(() => undefined));
    expect(items.map(({ frozen }: any) => frozen)).toEqual(items.map(({ now: figures }: any) => figures));
  });

  it('lists what does not add up', async () => {
    const { items } = await reporter.get('/genealogy/balance-gaps', FEBRUARY);
    expect(items).toMatchObject([
      {
        ...{ kind: 'over-used', lot: MILK, item: MILK_ITEM, lotCode: 'M-1', site: PLANT, place: PLANT },
        ...{ time: '2026-02-26T08:00:00Z', amount: kg('13'), events: [expect.any(String)] },
      },
    ]);
    expect((await reporter.get('/genealogy/balance-gaps', { from: '2026-03-01', to: '2026-03-31' })).items).toEqual([]);
  });
});
