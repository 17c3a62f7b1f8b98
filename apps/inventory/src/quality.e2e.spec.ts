import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

const PLANT = 'https://id.gs1.org/414/9506000100016';
const SUPPLIER = 'https://id.gs1.org/417/9506000200020';
const GTIN = '09506000134352';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const enc = encodeURIComponent;

describe('quality', () => {
  let lotline: Standalone;
  beforeAll(async () => {
    lotline = await startStandalone();
  });
  afterAll(() => lotline.stop());

  const send = (method: 'POST' | 'PUT', path: string, body: unknown, headers: Record<string, string> = {}) =>
    lotline.api(method, path, { body, headers });
  const post = (path: string, body: unknown) => send('POST', path, body);
  const get = async (path: string) => (await lotline.api('GET', path)).body;
  const codes = (answer: { body: any }): string[] => answer.body.problems.map((p: any) => p.code);
  const receive = async (lotCode: string, dates = {}): Promise<string> => {
    const body = { item: GTIN, lotCode, amount: kg('100'), place: PLANT, supplier: SUPPLIER, dates };
    return (await post('/inventory/receipts', body)).body.lot;
  };
  const issue = (lot: string, reference: string) =>
    post('/inventory/issues', { reference, lines: [{ lot, place: PLANT, amount: kg('1') }] });

  it('keeps goods in quarantine until an inspection by their plan is decided on', async () => {
    const plan = {
      supplier: SUPPLIER,
      quarantine: true,
      characteristics: [
        { characteristic: 'pH', lower: '6.5', upper: '6.8', sampleSize: 2 },
        { characteristic: 'smell', expected: 'none' },
      ],
    };
    const wrong = { ...plan, characteristics: [{ characteristic: 'pH', lower: '7', upper: '6' }] };
    const refused = await send('PUT', `/inventory/inspection-plans/${GTIN}`, wrong);
    expect([refused.status, codes(refused)]).toEqual([422, ['limits-contradict']]);
    const defined = await send('PUT', `/inventory/inspection-plans/${GTIN}`, plan);
    expect([defined.status, defined.body.plans[0].version]).toEqual([200, 1]);
    const stale = await send('PUT', `/inventory/inspection-plans/${GTIN}`, plan, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    const minPosition = defined.headers['x-log-position'] ?? '';
    const listed = await get(`/inventory/inspection-plans?supplier=${enc(SUPPLIER)}&minPosition=${minPosition}`);
    expect(listed.items).toMatchObject([{ supplier: SUPPLIER, version: 1, withdrawn: false }]);

    const lot = await receive('Q1');
    const path = `/inventory/lots/${enc(lot)}`;
    expect((await get(path)).quality).toBe('quarantine');
    expect(codes(await post(`${path}/release`, {}))).toEqual(['inspection-required']);
    const results = {
      results: [{ characteristic: 'pH', values: ['6.6', '6.7'] }],
      inspectedAt: '2026-04-20T10:00:00Z',
    };
    const recorded = await post(`${path}/inspections/I-1/results`, results);
    expect([recorded.status, recorded.body]).toMatchObject([
      201,
      { result: 'inconclusive', missing: [{ code: 'result-missing', id: 'smell' }], decision: null },
    ]);
    expect(codes(await post(`${path}/inspections/I-1/decision`, { decision: 'accept' }))).toEqual(['result-missing']);
    await post(`${path}/inspections/I-1/results`, { results: [{ characteristic: 'smell', values: ['none'] }] });
    const decided = await post(`${path}/inspections/I-1/decision`, { decision: 'accept', retest: '2099-01-31' });
    expect([decided.status, decided.body]).toMatchObject([200, { result: 'pass', decision: { decision: 'accept' } }]);
    expect(await get(path)).toMatchObject({ quality: 'released', dates: { retest: '2099-01-31' } });
    expect((await issue(lot, 'run:1')).status).toBe(201);
    expect((await get(`${path}/inspections`)).inspections).toHaveLength(1);
    const long = await post(`${path}/inspections/${'x'.repeat(300)}/results`, results);
    expect([long.status, codes(long)]).toEqual([400, ['bad-inspection-id']]);
    // Whatever a plan says, what is told without one is recorded as it ever was.
    expect((await post(`${path}/inspections`, { result: 'pass' })).status).toBe(201);
  });

  it('opens a nonconformance of what failed, and follows it to its end', async () => {
    const lot = await receive('Q2');
    const path = `/inventory/lots/${enc(lot)}/inspections/I-2`;
    const results = {
      results: [
        { characteristic: 'pH', values: ['7.1', '6.7'] },
        { characteristic: 'smell', values: ['none'] },
      ],
    };
    const failed = await post(`${path}/results`, results);
    expect(failed.body).toMatchObject({ result: 'fail', nonconformance: expect.any(String) });
    expect((await post(`${path}/results`, results)).body.nonconformance).toBe(failed.body.nonconformance);
    expect(codes(await post(`${path}/decision`, { decision: 'accept' }))).toEqual(['failed-without-justification']);
    await post(`${path}/decision`, { decision: 'reject', reason: 'too sour' });
    expect((await get(`/inventory/lots/${enc(lot)}`)).quality).toBe('rejected');
    expect(codes(await post(`${path}/decision`, { decision: 'scrap', reason: 'x' }))).toEqual(['decided-otherwise']);

    const nc = `/inventory/nonconformances/${enc(failed.body.nonconformance)}`;
    expect(codes(await post(`${nc}/close`, { conclusion: 'x' }))).toEqual(['cause-missing', 'action-missing']);
    await post(`${nc}/cause`, { cause: 'cooling failed' });
    await post(`${nc}/action`, { action: 'loggers', owner: 'purchasing', due: '2099-06-30' });
    await post(`${nc}/action/done`, { result: 'in every truck' });
    const closed = await post(`${nc}/close`, { conclusion: 'effective' });
    expect([closed.status, closed.body]).toMatchObject([
      200,
      {
        status: 'closed',
        ...{ lot, party: SUPPLIER, inspection: 'I-2', severity: 'major', cause: 'cooling failed' },
        action: { action: 'loggers', result: 'in every truck' },
      },
    ]);
    const at = closed.headers['x-log-position'] ?? '';
    const list = await get(`/inventory/nonconformances?lot=${enc(lot)}&status=closed&minPosition=${at}`);
    expect(list.items).toEqual([closed.body]);
    expect(await get(nc)).toEqual(closed.body);
    const byHand = await post('/inventory/nonconformances', { description: 'torn bags', severity: 'minor' });
    expect([byHand.status, byHand.body.status]).toEqual([201, 'open']);
    expect((await lotline.api('GET', '/inventory/nonconformances/none')).body.code).toBe('nonconformance-unknown');
  });

  it('refuses a lot past its retest date until a retest sets the next one', async () => {
    const withdrawn = await post(`/inventory/inspection-plans/${GTIN}/withdraw`, { supplier: SUPPLIER, reason: 'x' });
    expect(withdrawn.body.plans).toEqual([]);
    await send('PUT', `/inventory/inspection-plans/${GTIN}`, {
      quarantine: false,
      characteristics: [{ characteristic: 'assay', lower: '99', unit: 'P1' }],
    });
    const lot = await receive('Q3', { retest: '2020-01-01' });
    expect(codes(await issue(lot, 'run:2'))).toEqual(['lot-retest-due']);
    const { items } = await get(`/inventory/stock?lot=${enc(lot)}`);
    expect(items).toMatchObject([{ status: 'retest-due', blocked: ['lot-retest-due'] }]);
    const path = `/inventory/lots/${enc(lot)}/inspections/RT-1`;
    await post(`${path}/results`, { results: [{ characteristic: 'assay', values: ['99.4'], unit: 'P1' }] });
    await post(`${path}/decision`, { decision: 'accept', retest: '2099-01-01' });
    expect((await issue(lot, 'run:2')).status).toBe(201);
  });
});
