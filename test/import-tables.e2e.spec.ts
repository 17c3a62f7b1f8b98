import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import writeExcelFile from 'write-excel-file/node';
import { type Answer, startStandalone, type Standalone } from './support/start-standalone.js';

const CSV = 'text/csv; charset=utf-8';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const PLACE = 'https://id.gs1.org/414/9506000100012';
const DAIRY = 'https://id.gs1.org/417/9521141000014';

const ITEMS = `item,code,name,kind,baseUnit,tolerance,shelfLife,shelfLifeDays
09506000134352,MILK,Milk,raw-material,KGM,0.02,fixed,14
,SALT,Salt,ingredient,KGM,,given,`;
const RECEIPTS = `Receipt;Received at;Item;Lot code;Quantity;Unit;Place;Supplier;Supplier lot;Order;Expiry date
GR-1;2026-03-02T08:15:00+01:00;09506000134352;M-1;1200.5;KGM;9506000100012;9521141000014;8841;PO-1;2026-03-16
GR-1;2026-03-02;09506000134352;M-2;800;KGM;9506000100012;9521141000014;;PO-1;2026-03-18`;

describe('tables', () => {
  let lotline: Standalone;
  let position = '';
  const send = async (path: string, rawBody: string | Uint8Array, type = CSV): Promise<Answer> => {
    const answer = await lotline.api('POST', path, { rawBody, headers: { 'content-type': type } });
    position = answer.headers['x-log-position'] ?? position;
    return answer;
  };
  const stockOf = async (item: string): Promise<unknown[]> => {
    const query = new URLSearchParams({ item, minPosition: position });
    const { body } = await lotline.api('GET', `/inventory/stock?${query.toString()}`);
    return body.items.map((row: any) => [row.lot.split('/').at(-1), row.place, row.amount]);
  };

  beforeAll(async () => {
    lotline = await startStandalone();
  });
  afterAll(() => lotline.stop());

  it('define items, change those that are there and leave alone what they have no column for', async () => {
    const first = await send('/production/items/table', ITEMS);
    expect([first.status, first.body]).toEqual([
      200,
      { dryRun: false, rows: 2, good: 2, bad: 0, problems: [], cut: false, defined: 2, changed: 0, unchanged: 0 },
    ]);
    const renamed =
      'item,name,kind,baseUnit\n09506000134352,Raw milk,raw-material,KGM\n09506000134369,Rennet,ingredient,KGM';
    expect((await send('/production/items/table', renamed)).body).toMatchObject({ defined: 1, changed: 1 });
    expect((await send('/production/items/table', renamed)).body).toMatchObject({
      defined: 0,
      changed: 0,
      unchanged: 2,
    });
    const wrongHeading = await send('/production/items/table?badRows=skip', 'item,nam\n09506000134352,Milk');
    expect([wrongHeading.status, wrongHeading.body.code]).toEqual([422, 'bad-rows']);
    const { body } = await lotline.api('GET', '/production/items/09506000134352');
    expect(body).toMatchObject({ name: 'Raw milk', code: 'MILK', shelfLife: { rule: 'fixed', days: 14 } });
  });

  it('leave the kinds of input that dates are inherited from as they are', async () => {
    const shelfLife = { rule: 'inherited', from: ['raw-material'] };
    const item = { item: 'urn:test:curd', name: 'Curd', kind: 'intermediate', baseUnit: 'KGM', shelfLife };
    await lotline.api('POST', '/production/items', { body: item });
    const table = 'item,name,kind,baseUnit,shelfLife\nurn:test:curd,Fresh curd,intermediate,KGM,inherited';
    expect((await send('/production/items/table', table)).body).toMatchObject({ changed: 1 });
    const { body } = await lotline.api('GET', '/production/items/urn%3Atest%3Acurd');
    expect(body).toMatchObject({ name: 'Fresh curd', shelfLife });
  });

  it('of items name each bad row and column', async () => {
    const bad = `item,code,name,kind,baseUnit,tolerance,shelfLife,shelfLifeDays
09506000134353,,Wrong check digit,raw-material,KGM,,,
,,No name of its own,raw-material,KGM,,,
,PEPPER,Pepper,spice,KGM,two percent,,
,OIL,Oil,ingredient,LTR,,inherited,5
,OK,Good,ingredient,LTR,,,`;
    const refused = await send('/production/items/table', bad);
    expect([refused.status, refused.body.code]).toEqual([422, 'bad-rows']);
    expect(refused.body.problems.map(({ row, column, code }: any) => [row, column, code])).toEqual([
      [2, 'item', 'bad-gtin'],
      [3, 'item', 'item-not-named'],
      [4, 'kind', 'is-in'],
      [4, 'tolerance', 'matches'],
      [5, 'shelfLifeDays', 'days-without-fixed'],
    ]);
    expect((await lotline.api('GET', '/production/items/OK')).status).toBe(404);
    expect((await send('/production/items/table?badRows=skip', bad)).body).toMatchObject({
      good: 1,
      bad: 4,
      defined: 1,
    });
  });

  it('say that there are more problems than they list, also where the good rows are taken', async () => {
    const rows = Array.from({ length: 1_001 }, (_, n) => `bad ${n},Name`);
    const table = ['supplier,name', '9521141000014,Dairy Nord', ...rows].join('\n');
    const { body } = await send('/events/tables/suppliers?badRows=skip', table);
    expect([body.recorded, body.bad, body.problems.length, body.cut]).toEqual([1, 1_001, 1_000, true]);
  });

  it('of suppliers state their names', async () => {
    const answer = await send('/events/tables/suppliers', `supplier,name,country\n9521141000014,Dairy Nord,DE`);
    expect([answer.status, answer.body]).toMatchObject([200, { rows: 1, recorded: 1 }]);
    const bad = await send('/events/tables/suppliers', 'supplier,name,country\n9521141000015,,Germany\nx y,Y,DE');
    expect(bad.body.problems.map(({ row, column, code }: any) => [row, column, code])).toEqual([
      [2, 'name', 'missing'],
      [3, 'supplier', 'not-a-party'],
    ]);
  });

  it('of receipts are facts: a dry run writes nothing, the same again counts once, another content is named', async () => {
    const dry = await send('/events/tables/receipts?dryRun=true', RECEIPTS);
    expect(dry.body).toMatchObject({ dryRun: true, rows: 2, good: 2, bad: 0, recorded: 0 });
    expect(await stockOf('09506000134352')).toEqual([]);
    expect((await send('/events/tables/receipts', RECEIPTS)).body).toMatchObject({
      recorded: 2,
      duplicates: 0,
      bad: 0,
    });
    const corrected = await send('/events/tables/receipts', RECEIPTS.replace('800', '900'));
    expect(corrected.body).toMatchObject({
      recorded: 0,
      duplicates: 1,
      bad: 1,
      problems: [{ code: 'id-conflict', row: 3 }],
    });
    expect(await stockOf('09506000134352')).toEqual([
      ['M-1', PLACE, { value: '1200.5', unit: 'KGM' }],
      ['M-2', PLACE, { value: '800', unit: 'KGM' }],
    ]);
    const lot = encodeURIComponent('https://id.gs1.org/01/09506000134352/10/M-1');
    const { body } = await lotline.api('GET', `/genealogy/trace?lot=${lot}&direction=back&minPosition=${position}`);
    expect(body.lot).toMatchObject({ supplierLot: '8841', dates: { expiry: '2026-03-16' } });
    expect(body.back.suppliers).toMatchObject([{ id: DAIRY, name: 'Dairy Nord' }]);
  });

  it('of receipts name each bad row and column', async () => {
    const head = RECEIPTS.split('\n', 1)[0] ?? '';
    const bad = [
      'GR-2;02.03.2026;09506000134352;M-3;1;KGM;9506000100012;9521141000014;;;',
      'GR-2;2026-03-02 08:00;09506000134352;M-4;1,5;kg;9506000100012;9521141000014;;;31.03.2026',
      'GR-2;2026-03-02;09506000134353;M-5;-1;KGM;hall;9521141000014;;;',
      'GR-2;2026-03-02;09506000134352;M-6;=2+2;KGM;9506000100012;9521141000014;;;',
      'GR-2;2026-03-02;09506000134352;M-7;1;KGM;9506000100012;;;;',
    ];
    const { status, body } = await send('/events/tables/receipts', [head, ...bad].join('\n'));
    expect([status, body.code]).toEqual([422, 'bad-rows']);
    expect(body.problems.map(({ row, column }: any) => [row, column])).toEqual([
      [2, 'Received at'],
      [3, 'Received at'],
      ...[3, 3, 3].map((row) => [row, expect.stringMatching(/^(Quantity|Unit|Expiry date)$/)]),
      [4, 'Item'],
      ...[4, 4].map((row) => [row, expect.stringMatching(/^(Quantity|Place)$/)]),
      [5, 'Quantity'],
      [6, 'Supplier'],
    ]);
  });

  it('of opening stock come as a workbook too', async () => {
    const text = (value: string) => ({ value });
    const workbook = await writeExcelFile([
      ['Counted on', 'Item', 'Lot code', 'Quantity', 'Unit', 'Place', 'Best before date'].map(text),
      [
        { value: new Date('2026-01-01T00:00:00Z'), format: 'yyyy-mm-dd' },
        text('09506000134369'),
        text('R-1'),
        { value: 12.25 },
        text('KGM'),
        text('9506000100012'),
        { value: new Date('2027-01-31T00:00:00Z'), format: 'yyyy-mm-dd' },
      ],
    ]).toBuffer();
    expect((await send('/events/tables/opening-stock', workbook, XLSX)).body).toMatchObject({ recorded: 1, bad: 0 });
    expect(await stockOf('09506000134369')).toEqual([['R-1', PLACE, { value: '12.25', unit: 'KGM' }]]);
  });

  it('are taken where tables are, and nothing else is', async () => {
    const wrong = await send('/production/items', 'a,b\n1,2');
    expect([wrong.status, wrong.body.code]).toEqual([415, 'unsupported-media-type']);
    const json = await lotline.api('POST', '/events/tables/receipts', { body: { rows: [] } });
    expect(json.status).toBe(415);
  });
});
