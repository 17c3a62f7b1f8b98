import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSheet } from 'read-excel-file/node';
import { kg, reporterOf, said, type Reporter } from '../../../../../test/support/reporter.js';
import { startStandalone, type Answer, type Standalone } from '../../../../../test/support/start-standalone.js';

const MILK = '09506000134352';
const ITEM = `https://id.gs1.org/01/${MILK}`;
const US = 'urn:test:party:us';
const ALM = 'urn:test:party:alm';
const HILL = 'urn:test:party:hill';
const SHOP = 'urn:test:party:shop';
const DEPOT = 'urn:test:place:depot';
const BARN = 'urn:test:place:barn';

const idOf = (code: string): string => `${ITEM}/10/${code}`;

describe('suppliers', () => {
  let lotline: Standalone;
  let reporter: Reporter;
  beforeAll(async () => {
    lotline = await startStandalone({ env: { LOTLINE_OWN_PARTIES: US } });
    reporter = reporterOf(lotline);
    await reporter.places([
      { place: DEPOT, party: US },
      { place: BARN, party: ALM },
    ]);
  });
  afterAll(() => lotline.stop());

  const received = (code: string, supplier: string, value: string, day: string, more: object = {}) =>
    said('GoodsReceived', `${day}T06:00:00Z`, {
      ...{ place: DEPOT, supplier },
      goods: [{ lot: idOf(code), quantity: kg(value), supplierLot: `S-${code}`, dates: { expiry: '2026-03-20' } }],
      ...more,
    });
  const shipped = (code: string, value: string, day: string, more: object) =>
    said('GoodsShipped', `${day}T05:00:00Z`, { goods: [{ lot: idOf(code), quantity: kg(value) }], ...more });
  const judge = async (code: string, what: string, body: object): Promise<void> => {
    const path = `/inventory/lots/${encodeURIComponent(idOf(code))}/${what}`;
    const answer = await lotline.api('POST', path, { body });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    reporter.seen(answer);
  };
  const of = (supplier: string, more = ''): string => `/expiry/suppliers/${encodeURIComponent(supplier)}${more}`;
  const lotsOf = async (supplier: string, only: string, more: Record<string, string> = {}): Promise<string[]> =>
    (await reporter.get(of(supplier, '/lots'), { only, ...more })).items.map((lot: any) => lot.lotCode);

  it('are scored by what is recorded against their lots themselves', async () => {
    const good = Array.from({ length: 60 }, (_, n) => received(`A-${n}`, ALM, '10', '2026-03-01'));
    const bad = Array.from({ length: 12 }, (_, n) => received(`H-${n}`, HILL, '100', '2026-03-02'));
    await reporter.tell(
      ...good,
      ...bad,
      said('GoodsReceived', '2026-03-02T07:00:00Z', {
        ...{ place: DEPOT, goods: [{ lot: idOf('nobody'), quantity: kg('1') }] },
      }),
    );
    // Announced for the first, come on the third; and of another a part was sent back.
    await reporter.tell(
      shipped('A-60', '8', '2026-03-01', {
        from: BARN,
        to: DEPOT,
        consignee: US,
        shipmentId: 'S-60',
        due: '2026-03-01T23:59:00Z',
      }),
      received('A-60', ALM, '8', '2026-03-03', { shipmentId: 'S-60' }),
      shipped('H-11', '40', '2026-03-05', { from: DEPOT, consignee: HILL }),
    );
    // A customer's return is no supply.
    await reporter.tell(
      shipped('A-0', '5', '2026-03-04', { from: DEPOT, consignee: SHOP }),
      said('GoodsReturned', '2026-03-06T06:00:00Z', {
        ...{ place: DEPOT, returnedBy: SHOP, goods: [{ lot: idOf('A-0'), quantity: kg('5') }] },
      }),
    );
    await judge('A-1', 'inspections', { inspection: 'Q-1', result: 'pass' });
    for (const n of [0, 1, 2, 3, 4])
      await judge(`H-${n}`, 'inspections', { inspection: `Q-H${n}`, result: 'fail', characteristic: 'pH' });
    for (const n of [1, 2]) await judge(`H-${n}`, 'reject', { reason: 'sour' });
    await judge('H-4', 'release', { reason: 'measured again' });
    await judge('H-5', 'holds', { holdId: 'H-1', reason: 'odour' });
    // What is made of a lot and rejected is not held against its supplier.
    await reporter.tell(
      said('ProductionRecorded', '2026-03-04T08:00:00Z', {
        ...{ place: DEPOT, runId: 'R-1', inputs: [{ lot: idOf('A-2'), quantity: kg('10') }] },
        outputs: [{ lot: 'urn:test:lot:yoghurt', quantity: kg('9') }],
      }),
    );
    const rejected = await lotline.api('POST', `/inventory/lots/${encodeURIComponent('urn:test:lot:yoghurt')}/reject`, {
      body: { reason: 'glass' },
    });
    reporter.seen(rejected);

    const recall = async (body: object): Promise<Answer> => lotline.api('POST', '/recalls/cases', { body });
    const opened = await recall({ case: 'R-1', reason: 'salmonella', suspects: [{ supplierLot: 'S-H-6' }] });
    expect(opened.status).toBe(201);
    expect(
      (await recall({ case: 'R-drill', reason: 'drill', drill: true, suspects: [{ lot: idOf('A-3') }] })).status,
    ).toBe(201);
    await lotline.until('the suspects are known', async () => (await lotsOf(HILL, 'recalled')).length > 0);

    const { items, unattributed, confidence, complete } = await reporter.get('/expiry/suppliers', {
      agreedDaysLeft: '19',
    });
    expect({ unattributed, confidence, complete }).toEqual({ unattributed: 1, confidence: 0.95, complete: true });
    expect(items.map((card: any) => card.supplier.id)).toEqual([HILL, ALM]);
    const [hill, alm] = items;
    expect(hill).toMatchObject({
      lots: 12,
      defects: { count: 5, of: 12, share: 5 / 12 },
      amounts: [{ received: kg('1200'), defective: kg('500'), share: 5 / 12 }],
      rejected: { count: 2, of: 12 },
      inspections: { count: 5, of: 5 },
      ...{ failedLots: 4, held: 1, recalls: { cases: ['R-1'], lots: 1 }, sentBack: [kg('40')] },
      shelfLife: {
        lots: 12,
        leastDaysLeft: 18,
        meanDaysLeft: 18,
        expired: 0,
        belowAgreed: { agreedDaysLeft: 19, count: 12, of: 12 },
      },
      late: { count: 0, of: 0, share: null },
    });
    expect(hill.defects.interval.low).toBeCloseTo(0.1933, 4);
    expect(hill.defects.interval.high).toBeCloseTo(0.6805, 4);
    expect(alm).toMatchObject({
      lots: 61,
      defects: { count: 0, of: 61 },
      amounts: [{ received: kg('608'), defective: kg('0') }],
      inspections: { count: 0, of: 1 },
      ...{ held: 0, recalls: { cases: [], lots: 0 }, sentBack: [] },
      late: { count: 1, of: 1 },
    });
  });

  it('open each number to its lots and events', async () => {
    expect(await lotsOf(HILL, 'defective')).toEqual(['H-0', 'H-1', 'H-2', 'H-3', 'H-6']);
    expect(await lotsOf(HILL, 'rejected')).toEqual(['H-1', 'H-2']);
    expect(await lotsOf(HILL, 'inspected')).toEqual(['H-0', 'H-1', 'H-2', 'H-3', 'H-4']);
    expect(await lotsOf(HILL, 'held')).toEqual(['H-5']);
    expect(await lotsOf(HILL, 'sent-back')).toEqual(['H-11']);
    expect(await lotsOf(ALM, 'late')).toEqual(['A-60']);
    expect(await lotsOf(ALM, 'below-agreed', { agreedDaysLeft: '18' })).toEqual(['A-60']);
    const { items } = await reporter.get(of(HILL, '/lots'), { only: 'rejected', limit: '1' });
    expect(items).toEqual([
      {
        ...{ lot: idOf('H-1'), item: ITEM, lotCode: 'H-1', supplierLot: 'S-H-1', receivedOn: '2026-03-02' },
        ...{ received: [kg('100')], sentBack: [], defects: ['rejected', 'failed'], held: false, recalls: [] },
        ...{ inspections: { recorded: 1, failed: 1 }, daysLeft: 18, late: null },
        acts: [
          { kind: 'received', event: expect.stringMatching(/^urn:uuid:/), time: '2026-03-02T06:00:00' },
          expect.objectContaining({ kind: 'inspection', inspection: 'Q-H1', result: 'fail', characteristic: 'pH' }),
          expect.objectContaining({ kind: 'rejected' }),
        ],
      },
    ]);
    const one = await reporter.get(of(HILL));
    expect(one.items).toMatchObject([{ item: { id: ITEM }, defects: { count: 5, of: 12 } }]);
  });

  it('are told apart where intervals do not overlap, and only there', async () => {
    const { items } = await reporter.get('/expiry/supplied-items');
    expect(items).toMatchObject([
      {
        ...{
          item: { id: ITEM },
          best: ALM,
          worst: HILL,
          says: `${ALM} is better than every other; ${HILL} is worse than every other`,
        },
        suppliers: [
          { supplier: { id: ALM }, betterThan: [HILL], worseThan: [] },
          { supplier: { id: HILL }, betterThan: [], worseThan: [ALM] },
        ],
      },
    ]);
    // Of four lots of the third of March on, and of those received until the first, less can be said.
    const until = await reporter.get('/expiry/supplied-items', { receivedFrom: '2026-03-03' });
    expect(until.items).toMatchObject([
      { best: null, worst: null, says: 'only one supplier: there is nothing to compare' },
    ]);
  });

  it('stand as of any moment of either clock', async () => {
    const before = await reporter.get('/expiry/suppliers', { eventTimeTo: '2026-03-02T23:00:00Z' });
    expect(before.items.map((c: any) => [c.supplier.id, c.lots, c.defects.count, c.recalls.lots])).toEqual([
      [ALM, 60, 0, 0],
      [HILL, 12, 0, 0],
    ]);
    const { position } = await reporter.get('/expiry/suppliers');
    await judge('A-4', 'reject', { reason: 'late finding' });
    const counts = async (query: Record<string, string>): Promise<unknown> =>
      (await reporter.get('/expiry/suppliers', query)).items.map((c: any) => [c.supplier.id, c.defects.count]);
    expect(await counts({})).toEqual([
      [HILL, 5],
      [ALM, 1],
    ]);
    expect(await counts({ asOfPosition: position })).toEqual([
      [HILL, 5],
      [ALM, 0],
    ]);
    expect(await counts({ asOf: '2020-01-01T00:00:00Z' })).toEqual([]);
  });

  it('come page by page, as CSV and as XLSX', async () => {
    const first = await reporter.get('/expiry/suppliers', { limit: '1' });
    const second = await reporter.get('/expiry/suppliers', { limit: '1', cursor: first.next });
    expect([...first.items, ...second.items].map((c: any) => c.supplier.id)).toEqual([HILL, ALM]);
    expect(second.next).toBeUndefined();
    for (const path of ['/expiry/suppliers', '/expiry/supplied-items', of(HILL, '/lots')]) {
      const csv = await lotline.api('GET', path, { headers: { accept: 'text/csv' } });
      expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(csv.body).toContain(path.endsWith('lots') ? 'H-11' : HILL);
    }
    const response = await fetch(new URL('/expiry/suppliers', lotline.url), {
      headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
    });
    const [heading, row] = await readSheet(Buffer.from(await response.arrayBuffer()));
    expect(row?.[heading?.indexOf('defectiveLots') ?? -1]).toBe(5);
  });

  it('are asked for in sensible ways alone', async () => {
    const status = async (path: string): Promise<[number, string]> => {
      const { status: s, body } = await lotline.api('GET', path);
      return [s, body.code ?? body.type];
    };
    expect((await status('/expiry/suppliers?asOf=2026-01-01T00:00:00Z&asOfPosition=1'))[0]).toBe(400);
    expect((await status(of(HILL, '/lots?only=below-agreed')))[0]).toBe(400);
    expect((await status(of(HILL, '/lots?only=nice')))[0]).toBe(400);
    expect((await status(of('urn:test:party:unheard-of')))[0]).toBe(404);
    expect((await status('/expiry/suppliers?asOfPosition=9999999999999999'))[0]).toBe(503);
  });
});
