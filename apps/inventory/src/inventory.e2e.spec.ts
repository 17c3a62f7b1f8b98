import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

const PLANT = 'https://id.gs1.org/414/9506000100016';
const STORE = 'https://id.gs1.org/414/9506000100023';
const SUPPLIER = 'https://id.gs1.org/417/9506000200020';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const enc = encodeURIComponent;

describe('inventory', () => {
  let lotline: Standalone;
  let count = 0;
  const GTINS = ['09506000134352', '09506000134369', '09506000134376', '09506000134383', '09506000134390'];

  beforeAll(async () => {
    lotline = await startStandalone();
  });
  afterAll(() => lotline.stop());

  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    lotline.api('POST', path, { body, headers });
  const get = async (path: string) => (await lotline.api('GET', path)).body;
  const codes = (answer: { body: { problems: { code: string }[] } }): string[] =>
    answer.body.problems.map((p) => p.code);
  const receive = async (item: string, amount: string, more: object = {}): Promise<string> => {
    const answer = await post('/inventory/receipts', {
      item,
      lotCode: `L${++count}`,
      amount: kg(amount),
      place: PLANT,
      supplier: SUPPLIER,
      ...more,
    });
    expect(answer.status).toBe(201);
    return answer.body.lot;
  };
  const available = async (lot: string): Promise<string | undefined> =>
    (await get(`/inventory/lots/${enc(lot)}`)).stock[0]?.available.value;
  const issue = (reference: string, lines: [lot: string, amount: string][], more: object = {}) =>
    post('/inventory/issues', {
      reference,
      lines: lines.map(([lot, amount]) => ({ lot, place: PLANT, amount: kg(amount) })),
      ...more,
    });

  it('records a receipt once, and lists what is there with what keeps it from being taken', async () => {
    const item = GTINS[0]!;
    const receipt = {
      receipt: 'GR-1',
      item,
      supplierLot: 'F-77',
      amount: { value: '1.5', unit: 'TNE' },
      place: PLANT,
      supplier: SUPPLIER,
      dates: { expiry: '2020-05-10' },
      quarantine: true,
    };
    const first = await post('/inventory/receipts', receipt);
    expect([first.status, first.body]).toEqual([
      201,
      { receipt: 'GR-1', lot: `https://id.gs1.org/01/${item}/10/F-77` },
    ]);
    expect((await post('/inventory/receipts', receipt)).body).toEqual(first.body);
    expect((await post('/inventory/receipts', { ...receipt, amount: kg('1') })).body.code).toBe('receipt-exists');
    const lot = first.body.lot;
    const hold = await post(`/inventory/lots/${enc(lot)}/holds`, { holdId: 'QC-1', reason: 'label check' });
    const at = hold.headers['x-log-position'];
    const { items: stock } = await get(`/inventory/stock?item=${item}&place=${enc(PLANT)}&minPosition=${at}`);
    expect(stock).toMatchObject([
      {
        lot,
        place: PLANT,
        amount: kg('1500'),
        status: 'held',
        blocked: ['lot-held', 'lot-quarantined', 'lot-expired'],
        holds: [{ holdId: 'QC-1', reason: 'label check', owner: 'quality' }],
        dates: { expiry: '2020-05-10' },
      },
    ]);
    expect((await get(`/inventory/stock?lot=${enc(lot)}&place=${enc(STORE)}`)).items).toEqual([]);
    expect((await get('/inventory/holds?owner=quality')).items).toMatchObject([{ lot, holdId: 'QC-1' }]);
    const lifted = await post(`/inventory/lots/${enc(lot)}/holds/QC-1/lift`, { reason: 'label is right' });
    expect(lifted.status).toBe(200);
    expect((await get(`/inventory/lots/${enc(lot)}`)).holds).toEqual([]);
  });

  it('reads its own writes: what was received a moment ago can be allocated', async () => {
    const lot = await receive(GTINS[1]!, '10');
    const answer = await post('/inventory/allocations', {
      for: 'order:1',
      lines: [{ lot, place: PLANT, amount: kg('10') }],
    });
    expect([answer.status, answer.body.lines]).toEqual([201, [{ lot, place: PLANT, amount: kg('10') }]]);
  });

  it('allocates first expired first out, explains it, and gives it back', async () => {
    const item = GTINS[2]!;
    const late = await receive(item, '10', { dates: { expiry: '2099-06-01' } });
    const early = await receive(item, '10', { dates: { expiry: '2099-05-01' } });
    const expired = await receive(item, '10', { dates: { expiry: '2020-01-01' } });
    const held = await receive(item, '10', { dates: { expiry: '2099-01-01' } });
    await post(`/inventory/lots/${enc(held)}/holds`, { reason: 'label check' });
    const body = { allocation: 'A-1', for: 'order:2', item, amount: kg('12'), neededOn: '2099-04-01' };
    const made = await post('/inventory/allocations', body);
    expect([made.status, made.body]).toEqual([
      201,
      {
        allocation: 'A-1',
        lines: [
          { lot: early, place: PLANT, amount: kg('10') },
          { lot: late, place: PLANT, amount: kg('2') },
        ],
        explained: [
          { lot: expired, line: 0, outcome: 'passed-over', code: 'lot-expired', place: PLANT, why: expect.any(String) },
          { lot: held, line: 0, outcome: 'passed-over', code: 'lot-held', place: PLANT, why: expect.any(String) },
          {
            ...{ lot: early, line: 0, place: PLANT, why: 'use by 2099-05-01; 10 available' },
            ...{ outcome: 'taken', amount: kg('10') },
          },
          {
            ...{ lot: late, line: 0, place: PLANT, why: 'use by 2099-06-01; 10 available' },
            ...{ outcome: 'taken', amount: kg('2') },
          },
        ],
      },
    ]);
    expect((await post('/inventory/allocations', body)).body).toEqual(made.body);
    const short = await post('/inventory/allocations', { ...body, allocation: 'A-2', amount: kg('9') });
    expect([short.status, short.body.problems[0]]).toMatchObject([422, { code: 'insufficient-stock', found: kg('8') }]);
    expect(codes(short)).toEqual(expect.arrayContaining(['lot-expired', 'lot-held']));
    expect((await post('/inventory/allocations/A-1/release')).status).toBe(200);
    expect((await post('/inventory/allocations', { ...body, allocation: 'A-2', amount: kg('9') })).status).toBe(201);
    expect((await post('/inventory/allocations/NONE/release')).status).toBe(404);
  });

  it('allocates several items whole, with the life a customer asks, or says what would be accepted', async () => {
    const [milk, cream] = ['09506000134413', '09506000134420'];
    const depot = `${PLANT}/254/DEPOT`;
    const old = await receive(milk, '10', { dates: { expiry: '2099-05-01' } });
    const fresh = await receive(milk, '20', { dates: { expiry: '2099-06-01' }, place: depot });
    const other = await receive(cream, '5', { dates: { expiry: '2099-06-01' } });
    const due = await post('/inventory/deliveries', {
      supplier: SUPPLIER,
      due: '2098-12-31',
      lines: [{ item: milk, amount: kg('7') }],
    });
    const ask = (allocation: string, milkAmount: string, more: object = {}) =>
      post('/inventory/allocations', {
        allocation,
        for: 'order:several',
        neededOn: '2099-04-25',
        minRemaining: { days: 14 },
        wanted: [
          { item: milk, amount: kg(milkAmount) },
          { item: cream, amount: kg('5'), split: false },
        ],
        ...more,
      });
    await get(`/inventory/deliveries?minPosition=${due.headers['x-log-position']}`);
    const refused = await ask('A-20', '27');
    expect([refused.status, refused.body.code]).toEqual([422, 'allocation-refused']);
    expect(refused.body.problems).toMatchObject([
      {
        ...{ code: 'insufficient-stock', index: 0, found: kg('20'), expected: '27 KGM' },
        accepted: {
          ...{ amount: kg('20'), neededOn: '2099-04-17' },
          ...{ expectedOn: '2098-12-31', deliveries: [due.body.delivery] },
        },
      },
      { code: 'life-too-short', index: 0, id: old, found: { days: 6, until: '2099-05-01' } },
    ]);
    const made = await ask('A-21', '27', { neededOn: '2099-04-17' });
    expect([made.status, made.body.lines]).toEqual([
      201,
      [
        { lot: old, place: PLANT, amount: kg('10') },
        { lot: fresh, place: depot, amount: kg('17') },
        { lot: other, place: PLANT, amount: kg('5') },
      ],
    ]);
    const both = await post('/inventory/allocations', { for: 'order:x', item: milk, amount: kg('1'), wanted: [] });
    expect(both.status).toBe(400);
    // Given back twice it is given back once.
    for (let i = 0; i < 2; i++) expect((await post('/inventory/allocations/A-21/release')).status).toBe(200);
    expect(await available(old)).toBe('10');
    const list = await get(`/inventory/stock?item=${milk}&status=unrestricted&ours=true`);
    expect(list.items.map((row: { lot: string }) => row.lot).sort()).toEqual([old, fresh].sort());
    expect((await get(`/inventory/stock?item=${milk}&ours=false`)).items).toEqual([]);
    expect((await get(`/inventory/stock?item=${milk}&status=held`)).items).toEqual([]);
    expect((await lotline.api('GET', '/inventory/stock?status=lost')).status).toBe(400);
  });

  it('holds what comes against the delivery that was announced', async () => {
    const item = '09506000134437';
    const announced = await post('/inventory/deliveries', {
      delivery: 'IN-1',
      supplier: SUPPLIER,
      document: 'PO-1',
      place: PLANT,
      due: '2026-04-20',
      minRemainingDays: 14,
      lines: [{ item, amount: kg('100') }],
    });
    expect([announced.status, announced.body.status, announced.headers.etag]).toEqual([201, 'expected', '"0"']);
    const receipt = await post('/inventory/receipts', {
      receipt: 'GR-IN-1',
      item,
      lotCode: 'D1',
      amount: kg('60'),
      place: PLANT,
      supplier: SUPPLIER,
      delivery: 'IN-1',
      dates: { expiry: '2026-05-01' },
      receivedAt: '2026-04-21T08:00:00Z',
    });
    expect([receipt.status, receipt.body.delivery]).toEqual([
      201,
      {
        ...{ delivery: 'IN-1', announced: true, ordered: true, late: true },
        ...{ life: { days: 10, until: '2026-05-01' }, agreed: { days: 14, kept: false } },
      },
    ]);
    const at = receipt.headers['x-log-position'];
    expect(await get(`/inventory/deliveries/IN-1?minPosition=${at}`)).toMatchObject({
      status: 'partial',
      overdue: true,
      lines: [{ ordered: kg('100'), delivered: kg('60'), outstanding: kg('40'), minRemainingDays: 14 }],
      receipts: [{ receipt: 'GR-IN-1', lines: [0], late: true, agreed: { kept: false } }],
    });
    const ids = async (query: string): Promise<string[]> =>
      (await get(`/inventory/deliveries?${query}`)).items.map((d: { delivery: string }) => d.delivery);
    expect(await ids(`overdue=true&item=${item}`)).toEqual(['IN-1']);
    expect(await ids(`overdue=false&item=${item}`)).toEqual([]);
    const cancel = await post('/inventory/deliveries/IN-1/cancel', { reason: 'no more' }, { 'if-match': '"0"' });
    expect([cancel.status, cancel.body.status, cancel.body.overdue]).toEqual([200, 'cancelled', false]);
    expect((await post('/inventory/deliveries/NONE/cancel', { reason: 'x' })).body.code).toBe('delivery-unknown');
    // Nobody announced it: it is at the door all the same.
    const unknown = await post('/inventory/receipts', {
      ...{ item, lotCode: 'D2', amount: kg('1'), place: PLANT, delivery: 'NEVER' },
    });
    expect([unknown.status, unknown.body.delivery]).toEqual([201, { delivery: 'NEVER', announced: false }]);
  });

  it('moves just what is asked, and what is held only if that is meant', async () => {
    const lot = await receive('09506000134444', '10');
    const cold = `${PLANT}/254/COLD`;
    const move = (more: object) => post('/inventory/moves', { lot, from: PLANT, to: cold, amount: kg('4'), ...more });
    const first = await move({ move: 'M-1', reason: 'put away' });
    expect([first.status, first.body]).toEqual([201, { move: 'M-1', lot }]);
    expect((await move({ move: 'M-1', reason: 'put away' })).status).toBe(201);
    await post(`/inventory/lots/${enc(lot)}/holds`, { holdId: 'QC-9', reason: 'label check' });
    const kept = await move({ move: 'M-2', amount: kg('7') });
    expect([kept.status, codes(kept)]).toEqual([422, ['lot-held', 'insufficient-stock']]);
    expect(kept.body.problems[1].accepted).toEqual({ amount: kg('6') });
    const meant = await move({ move: 'M-2', evenIfBlocked: true });
    expect(meant.status).toBe(201);
    const stock = await get(`/inventory/stock?lot=${enc(lot)}&minPosition=${meant.headers['x-log-position']}`);
    expect(stock.items.map((r: { place: string; amount: object }) => [r.place, r.amount])).toEqual([
      [PLANT, kg('2')],
      [cold, kg('8')],
    ]);
    expect((await get(`/genealogy/discrepancies?lot=${enc(lot)}`)).items).toEqual([]);
  });

  it('gives the last kilo to one of 32 callers', async () => {
    const lot = await receive(GTINS[3]!, '1');
    const answers = await Promise.all(Array.from({ length: 32 }, (_, i) => issue(`run:${i}`, [[lot, '1']])));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    const losers = answers.filter((a) => a.status !== 201);
    expect(new Set(losers.map((a) => `${a.status} ${codes(a).join()}`))).toEqual(new Set(['422 insufficient-stock']));
    expect(losers[0]?.body.problems[0]).toMatchObject({ index: 0, id: lot, found: kg('0'), expected: '1 KGM' });
    const winner = answers.findIndex((a) => a.status === 201);
    expect((await post(`/inventory/issues/${enc(`run:${winner}`)}/undo`, { reason: 'not made' })).status).toBe(200);
    expect(await available(lot)).toBe('1');
  });

  it('scraps and counts, and lists promises that facts have broken', async () => {
    const lot = await receive(GTINS[4]!, '100');
    await lotline.until('it is known', async () => (await available(lot)) === '100');
    expect((await post('/inventory/scraps', { lot, place: PLANT, amount: kg('10'), reason: 'torn' })).status).toBe(201);
    expect(await available(lot)).toBe('90');
    const allocated = await post('/inventory/allocations', {
      allocation: 'A-7',
      for: 'order:7',
      lines: [{ lot, place: PLANT, amount: kg('80') }],
    });
    expect(allocated.status).toBe(201);
    const scrap = await post('/inventory/scraps', { lot, place: PLANT, amount: kg('11'), reason: 'torn' });
    expect([scrap.status, codes(scrap)]).toEqual([422, ['insufficient-stock']]);
    expect((await get('/inventory/commitments/broken')).items).toEqual([]);
    const counted = await post('/inventory/adjustments', {
      lot,
      place: PLANT,
      counted: kg('50'),
      reason: 'cycle count',
    });
    expect(counted.status).toBe(201);
    expect((await get(`/inventory/commitments/broken?minPosition=${counted.headers['x-log-position']}`)).items).toEqual(
      [
        {
          lot,
          place: PLANT,
          committed: kg('80'),
          known: kg('50'),
          commitments: [{ kind: 'allocation', id: 'A-7', amount: kg('80'), since: expect.any(String) }],
        },
      ],
    );
    expect((await get(`/inventory/commitments?lot=${enc(lot)}`)).items).toMatchObject([
      { kind: 'allocation', id: 'A-7', for: 'order:7', lines: [{ lot, place: PLANT, amount: kg('80') }] },
    ]);
  });

  it('takes a changed date at its word at once', async () => {
    const lot = await receive(GTINS[1]!, '5', { dates: { expiry: '2020-01-01' } });
    expect(codes(await issue('run:dates', [[lot, '1']]))).toEqual(['lot-expired']);
    const changed = await post(`/inventory/lots/${enc(lot)}/dates`, {
      dates: { expiry: '2099-01-01' },
      reason: 'misread',
    });
    expect(changed.status).toBe(200);
    expect((await issue('run:dates', [[lot, '1']])).status).toBe(201);
  });

  it('holds many lots under one id, each answered for itself, as often as it is asked', async () => {
    const lots = [await receive(GTINS[0]!, '1'), await receive(GTINS[1]!, '1'), await receive(GTINS[2]!, '1')];
    await post(`/inventory/lots/${enc(lots[2]!)}/holds`, { holdId: 'recall:X', reason: 'mine', owner: 'somebody' });
    const body = { holdId: 'recall:X', owner: 'recall:X', reason: 'glass', lots };
    const { results } = (await post('/inventory/holds', body)).body;
    expect(results).toMatchObject([
      { lot: lots[0], done: true },
      { lot: lots[1], done: true },
      { lot: lots[2], done: false, problems: [{ code: 'hold-exists' }] },
    ]);
    expect((await post('/inventory/holds', body)).body.results).toMatchObject(results);
    const lift = await post(`/inventory/holds/${enc('recall:X')}/lift`, { owner: 'recall:X', reason: 'closed', lots });
    expect(lift.body.results.map((r: { done: boolean }) => r.done)).toEqual([true, true, false]);
  });

  it('takes every form of an id for the same thing', async () => {
    const [gtin, code] = ['09506000134406', 'ANY-FORM'];
    const GLN = '9506000100050';
    const receipt = (more: object) => post('/inventory/receipts', { amount: kg('1'), place: GLN, ...more });
    const forms = [
      { item: gtin, lotCode: code },
      { lot: `urn:epc:class:lgtin:9506000.013440.${code}` },
      { lot: `https://example.com/gtin/${gtin}/lot/${code}`, place: `urn:epc:id:sgln:950600010005..0` },
    ];
    const lots = [];
    for (const form of forms) lots.push((await receipt(form)).body.lot);
    expect(new Set(lots)).toEqual(new Set([`https://id.gs1.org/01/${gtin}/10/${code}`]));
    await lotline.until('all are known', async () => {
      const { items } = await get(`/inventory/stock?item=${gtin}&place=${GLN}`);
      return items[0]?.amount.value === '3';
    });
    for (const place of [GLN, 'urn:epc:id:sgln:950600010005..0', `https://id.gs1.org/414/${GLN}`])
      expect((await get(`/inventory/stock?lot=${enc(forms[1]!.lot!)}&place=${enc(place)}`)).items).toMatchObject([
        { lot: lots[0], place: `https://id.gs1.org/414/${GLN}`, amount: kg('3') },
      ]);
    const nothing = await post('/inventory/receipts', { lot: 'my lot', amount: kg('1'), place: 'shelf' });
    expect([nothing.status, nothing.body.problems.map((p: { field: string }) => p.field)]).toEqual([
      400,
      expect.arrayContaining(['/lot', '/place']),
    ]);
    const cursor = await lotline.api('GET', '/inventory/stock?cursor=nonsense');
    expect([cursor.status, cursor.body.problems?.[0]?.field]).toEqual([400, '/cursor']);
  });

  it('says what is wrong with a request, field by field', async () => {
    const bad = await issue('no reference', [['not a lot', '-1']]);
    expect([bad.status, bad.body.problems.map((p: { field: string }) => p.field)]).toEqual([
      400,
      expect.arrayContaining(['/reference', '/lines/0/lot', '/lines/0/amount/value']),
    ]);
    expect((await post('/inventory/allocations', { for: 'order:1' })).body.code).toBe('invalid-request');
    expect((await lotline.api('GET', `/inventory/lots/${enc('urn:x:never')}`)).body.code).toBe('lot-unknown');
    expect((await post('/inventory/receipts', { lotCode: 'A', amount: kg('1'), place: PLANT })).body.code).toBe(
      'lot-not-named',
    );
  });
});
