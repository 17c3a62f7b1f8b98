import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Standalone } from '../../../../test/support/start-standalone.js';
import type { CaseView } from '../domain/case-view.js';

const FLOUR = '09506000134352';
const BREAD = '09506000134369';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const MILL = 'https://id.gs1.org/417/9506000200020';
const SHOP = 'https://id.gs1.org/417/9506000300034';
/** As a Digital Link what the setting names by its EPC URN. */
const US = 'https://id.gs1.org/417/9506000100012';
const SHOP_DOCK = 'https://id.gs1.org/414/9506000300034';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const lotOf = (gtin: string, code: string): string => `https://id.gs1.org/01/${gtin}/10/${code}`;

describe('suspects of a recall, by native facts', () => {
  let lotline: Standalone;
  let count = 0;
  beforeAll(async () => {
    lotline = await startStandalone({ env: { LOTLINE_OWN_PARTIES: 'urn:epc:id:pgln:950600010001.' } });
    await place(PLANT, US);
    await place(SHOP_DOCK, SHOP);
  });
  afterAll(() => lotline.stop());

  const post = (path: string, body: unknown = {}) => lotline.api('POST', path, { body });
  const place = async (id: string, party: string): Promise<void> => {
    const body = {
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
      type: 'EPCISDocument',
      schemaVersion: '2.0',
      creationDate: '2026-03-01T08:00:00Z',
      epcisHeader: {
        epcisMasterData: {
          vocabularyList: [
            {
              type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
              vocabularyElementList: [
                { id, attributes: [{ id: 'urn:epcglobal:cbv:mda#owning_party', attribute: party }] },
              ],
            },
          ],
        },
      },
      epcisBody: { eventList: [] },
    };
    expect((await post('/epcis/capture', body)).status).toBe(202);
  };
  /** Records a fact; @returns its canonical id. */
  const fact = async (type: string, time: string, data: Record<string, unknown>): Promise<string> => {
    const id = `urn:uuid:0b1f6a4e-6f0c-4a43-9a52-${String(++count).padStart(12, '0')}`;
    const answer = await post('/events', { specversion: '1.0', id, source: 'urn:mill:wms', type, time, data });
    expect([type, answer.status, answer.body.refused]).toEqual([type, 202, []]);
    return id;
  };
  const received = (lotCode: string, goods: Record<string, unknown> = {}, time = '2026-03-01T08:00:00Z') =>
    fact('GoodsReceived', time, {
      place: PLANT,
      supplier: MILL,
      goods: [{ lot: { item: FLOUR, lotCode }, quantity: kg('100'), ...goods }],
    });
  const baked = (flour: string, bread: string, production?: string) =>
    fact('ProductionRecorded', '2026-03-02T08:00:00Z', {
      place: PLANT,
      inputs: [{ lot: { item: FLOUR, lotCode: flour }, quantity: kg('100') }],
      outputs: [
        {
          lot: { item: BREAD, lotCode: bread },
          quantity: kg('120'),
          ...(production !== undefined && { dates: { production } }),
        },
      ],
    });
  const open = async (suspect: object): Promise<string> => {
    const answer = await post('/recalls/cases', { reason: 'metal in flour', suspects: [suspect] });
    expect([answer.status, answer.status === 201 ? '' : answer.body]).toEqual([201, '']);
    return answer.body.case;
  };
  const view = async (id: string): Promise<CaseView> => (await lotline.api('GET', `/recalls/cases/${id}`)).body;
  const held = async (id: string): Promise<string[]> =>
    (await view(id)).scope.filter((entry) => entry.held !== null).map((entry) => entry.lot);
  const close = (id: string) => post(`/recalls/cases/${id}/close`, { reason: 'done' });

  it('a supplier lot: every lot of ours it came in as, also one that had another supplier lot first', async () => {
    await received('F-1', { supplierLot: 'S-1' });
    await received('F-2', { supplierLot: 'S-2' });
    await baked('F-1', 'B-1');
    const id = await open({ supplierLot: 'S-1', supplier: MILL });
    expect(await held(id)).toEqual([lotOf(FLOUR, 'F-1'), lotOf(BREAD, 'B-1')]);
    const late = await received('F-2', { supplierLot: 'S-1' }, '2026-03-01T09:00:00Z');
    await lotline.until('the lot that had S-2 first is held', async () =>
      (await held(id)).includes(lotOf(FLOUR, 'F-2')),
    );
    expect(late).toBeDefined();
    await close(id);
  });

  it('a range of lot codes: those inside, both ends, and one that is received later', async () => {
    for (const code of ['G-099', 'G-100', 'G-150', 'G-200', 'G-201']) await received(code);
    const id = await open({ item: FLOUR, lotCodeFrom: 'G-100', lotCodeTo: 'G-200' });
    expect(await held(id)).toEqual(['G-100', 'G-150', 'G-200'].map((code) => lotOf(FLOUR, code)));
    await received('G-120');
    await lotline.until('the late one is held', async () => (await held(id)).includes(lotOf(FLOUR, 'G-120')));
    expect(await held(id)).not.toContain(lotOf(FLOUR, 'G-201'));
    await close(id);
  });

  it('a range of production days: by stated date, and where none is stated by the day it was made', async () => {
    for (const code of ['H-1', 'H-2', 'H-3']) await received(code);
    await baked('H-1', 'C-1', '2026-02-27');
    await baked('H-2', 'C-2', '2026-02-28T23:30:00-05:00');
    await baked('H-3', 'C-3', '2026-03-01');
    const id = await open({
      item: `urn:epc:idpat:sgtin:9506000.013436.*`,
      producedFrom: '2026-02-28',
      producedTo: '2026-02-28T01:00:00+09:00',
    });
    expect(await held(id)).toEqual([lotOf(BREAD, 'C-2')]);
    await received('H-4');
    await baked('H-4', 'C-4', '2026-02-28');
    await lotline.until('the late one is held', async () => (await held(id)).includes(lotOf(BREAD, 'C-4')));
    await close(id);
  });

  it('lists what partners have, and holds and counts as held only what is at places of ours', async () => {
    await received('P-1');
    await fact('GoodsShipped', '2026-03-03T08:00:00Z', {
      from: PLANT,
      to: SHOP_DOCK,
      consignee: SHOP,
      goods: [{ lot: { item: FLOUR, lotCode: 'P-1' }, quantity: kg('40') }],
    });
    await fact('GoodsDelivered', '2026-03-04T08:00:00Z', {
      place: SHOP_DOCK,
      goods: [{ lot: { item: FLOUR, lotCode: 'P-1' }, quantity: kg('40') }],
    });
    const id = await open({ lot: lotOf(FLOUR, 'P-1') });
    const { stock, consignees, notices } = await view(id);
    expect(stock).toMatchObject([
      { place: PLANT, amount: kg('60'), ours: true, held: true },
      { place: SHOP_DOCK, party: SHOP, amount: kg('40'), ours: false, held: false },
    ]);
    // What came to us from the mill made a consignee of us: listed, and not told.
    expect(consignees).toMatchObject([
      { party: US, ours: true },
      { party: SHOP, ours: false },
    ]);
    expect(notices.map((notice) => notice.consignee)).toEqual([SHOP]);
    await close(id);
    const { items } = (await lotline.api('GET', `/inventory/stock?lot=${encodeURIComponent(lotOf(FLOUR, 'P-1'))}`))
      .body;
    expect(items).toMatchObject([
      { place: PLANT, party: US, ours: true },
      { place: SHOP_DOCK, party: SHOP, ours: false },
    ]);
    // What the shop has is not ours to give, nor to choose from.
    const line = { lot: lotOf(FLOUR, 'P-1'), place: SHOP_DOCK, amount: kg('1') };
    const refused = await post('/inventory/allocations', { for: 'order:1', lines: [line] });
    expect([refused.status, refused.body.problems[0].code]).toEqual([422, 'place-not-ours']);
    const fefo = { for: 'order:1', item: FLOUR, place: SHOP_DOCK, amount: kg('1') };
    expect((await post('/inventory/allocations', fefo)).body.problems[0].code).toBe('insufficient-stock');
  });

  it('lists what left between its scope and its hold', async () => {
    await received('M-1');
    const { case: id } = (
      await post('/recalls/cases', { reason: 'x', drill: false, suspects: [{ lot: lotOf(FLOUR, 'M-1') }] })
    ).body;
    const { since, held: hold } = (await view(id)).scope[0]!;
    const left = async (at: string): Promise<string> =>
      fact('GoodsShipped', at, {
        from: PLANT,
        consignee: SHOP,
        goods: [{ lot: { item: FLOUR, lotCode: 'M-1' }, quantity: kg('1') }],
      });
    const before = await left(new Date(Date.parse(since) - 1).toISOString());
    const meanwhile = await left(since);
    const atHold = await left(hold!.at);
    const after = await left(new Date(Date.parse(hold!.at) + 1).toISOString());
    await lotline.until('all are known', async () => (await view(id)).stock[0]?.amount.value === '96');
    const { shipments, dispatchedMeanwhile } = await view(id);
    expect(shipments.flatMap((s) => s.events)).toEqual(expect.arrayContaining([before, meanwhile, atHold, after]));
    // Both may be of one millisecond: whichever comes first.
    expect(dispatchedMeanwhile.flatMap((s) => s.events).sort()).toEqual([meanwhile, atHold].sort());
    await close(id);
    const { decisions } = await view(id);
    const afterClose = await left(new Date(Date.parse(decisions.at(-1)!.at) + 1).toISOString());
    await lotline.until('the last is known', async () => (await view(id)).stock[0]?.amount.value === '95');
    const closed = await view(id);
    expect(closed.shipments.flatMap((s) => s.events)).toContain(afterClose);
    expect(closed.dispatchedMeanwhile.flatMap((s) => s.events).sort()).toEqual([meanwhile, atHold].sort());
  });

  it('names the suspects that nothing recorded matches, until something does', async () => {
    await received('U-1');
    const suspects = [
      { lot: lotOf(FLOUR, 'U-1') },
      { lot: lotOf(FLOUR, 'U-9') },
      { supplierLot: 'S-NONE' },
      { item: lotOf(FLOUR, 'X').split('/10/')[0], lotCodeFrom: 'U-1', lotCodeTo: 'U-5' },
    ];
    const opened = await post('/recalls/cases', { reason: 'metal in flour', suspects });
    expect([opened.status, opened.body.unknown]).toEqual([201, [suspects[1], suspects[2]]]);
    const id = opened.body.case;
    expect((await view(id)).unknown).toEqual([suspects[1], suspects[2]]);
    await received('U-9', { supplierLot: 'S-NONE' });
    await lotline.until('all are known', async () => (await view(id)).unknown.length === 0);
    await close(id);
  });

  it('says alike in the list and in the case who is concerned, also after an exclusion', async () => {
    for (const lotCode of ['V-1', 'V-2']) await received(lotCode);
    const OTHER = 'https://id.gs1.org/417/9506000300041';
    const sold = (lotCode: string, consignee: string) =>
      fact('GoodsShipped', '2026-03-03T08:00:00Z', {
        from: PLANT,
        consignee,
        goods: [{ lot: { item: FLOUR, lotCode }, quantity: kg('10') }],
      });
    await sold('V-1', SHOP);
    await sold('V-2', OTHER);
    const suspects = ['V-1', 'V-2'].map((code) => ({ lot: lotOf(FLOUR, code) }));
    const id = (await post('/recalls/cases', { reason: 'metal in flour', suspects })).body.case;
    await lotline.until('both are told', async () => (await view(id)).notices.length === 2);
    const listed = async (): Promise<number> => {
      const { items } = (await lotline.api('GET', '/recalls/cases')).body;
      return items.find((item: { case: string }) => item.case === id)?.consignees;
    };
    const concerned = async () => new Set((await view(id)).consignees.map((c) => c.party));
    const before = await concerned();
    expect([before.has(SHOP), before.has(OTHER)]).toEqual([true, true]);
    await lotline.until('the list says so', async () => (await listed()) === before.size);

    const exclusion = { lot: lotOf(FLOUR, 'V-2'), reason: 'another mill' };
    expect((await post(`/recalls/cases/${id}/exclusions`, exclusion)).status).toBe(201);
    const after = await concerned();
    expect([after.has(SHOP), after.has(OTHER)]).toEqual([true, false]);
    await lotline.until('the list says so', async () => (await listed()) === after.size);
    const { notices } = await view(id);
    expect(notices.map(({ consignee, withdrawn }) => [consignee, withdrawn?.reason]).sort()).toEqual([
      [SHOP, undefined],
      [OTHER, 'another mill'],
    ]);
    await close(id);
  });

  it('lists cases page by page', async () => {
    const suspects = [{ lot: lotOf(FLOUR, 'W-1') }];
    for (const id of ['Z-1', 'Z-2', 'Z-3'])
      await post('/recalls/cases', { case: id, reason: 'yearly drill', drill: true, suspects });
    const listed = async (query = '') => (await lotline.api('GET', `/recalls/cases?status=open${query}`)).body;
    await lotline.until('all are listed', async () => (await listed()).items.length === 3);
    const first = await listed('&limit=2');
    const second = await listed(`&limit=2&cursor=${first.next}`);
    const ids = [...first.items, ...second.items].map((item: { case: string }) => item.case);
    expect([first.items.length, ids, second.next]).toEqual([2, ['Z-1', 'Z-2', 'Z-3'], undefined]);
    expect((await listed('&cursor=nonsense')).code).toBe('bad-cursor');
    for (const id of ids) await close(id);
  });

  it('says of each suspect what is wrong with it', async () => {
    const answer = await post('/recalls/cases', {
      reason: 'x',
      suspects: [{ lot: 'M 1' }, { lot: 'MILK' }, { supplier: MILL }, { item: FLOUR }],
    });
    expect([answer.status, answer.body.problems.map((p: { field: string }) => p.field)]).toEqual([
      400,
      ['/suspects/0/lot', '/suspects/1/lot'],
    ]);
    const second = await post('/recalls/cases', {
      reason: 'x',
      suspects: [{ lot: FLOUR }, { supplier: MILL }, { item: FLOUR }],
    });
    expect([second.status, second.body.problems.map((p: { field: string }) => p.field)]).toEqual([
      400,
      ['/suspects/0/lot', '/suspects/1', '/suspects/2'],
    ]);
  });
});
