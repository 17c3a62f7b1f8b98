import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testkit';
import pino from 'pino';
import { readSheet } from 'read-excel-file/node';
import { GenealogyModule } from './genealogy.module.js';
import { recordSeafood } from './seafood.fixture.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const GDST = 'urn:gdst:example.org';
const lot = (name: string): string => `${GDST}:product:lot:class:${name}`;
const FEED = lot('feedmill.1u.ff11252021');
const CANS = lot('processor.2u.v1-0122-2022');
const COMMINGLE = lot('processor.10u.commingle-01232022');

describe('genealogy over HTTP', () => {
  let database: TestDatabase;
  let running: RunningApp;
  let head: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    running = await startApp(GenealogyModule, {
      name: 'genealogy',
      env: { DATABASE_URL: database.url, PORT: '0' },
      logger: pino({ level: 'silent' }),
    });
    const { log } = running.infrastructure;
    await recordSeafood(log);
    head = await log.head();
  });
  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  const get = async (
    path: string,
    query: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; text: string; body: any }> => {
    const url = new URL(`${path}?${new URLSearchParams({ minPosition: head, ...query }).toString()}`, running.url);
    const response = await fetch(url, { headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : text,
    };
  };

  it('traces the feed forward, with depth and exposure', async () => {
    const { status, body } = await get('/genealogy/trace', { lot: FEED, direction: 'forward' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ position: head, complete: true, cut: null });
    expect(body.forward.lots.map((l: any) => [l.depth, l.exposure.share.toFixed(6)])).toEqual([
      [1, (10 / 11).toFixed(6)],
      [2, (60 / 121).toFixed(6)],
      [3, (60 / 121).toFixed(6)],
    ]);
    expect(body.forward.shipments).toHaveLength(2);
  });

  it('traces back from the unit, with all events', async () => {
    const { body } = await get('/genealogy/trace', {
      lot: 'urn:epc:id:sscc:08600031303.0004',
      direction: 'back',
      include: 'events',
    });
    expect(body.back.lots.map((l: any) => l.depth)).toEqual([0, 1, 2, 2, 3, 3]);
    expect(body.events).toHaveLength(17);
  });

  it('answers as of an earlier position', async () => {
    const early = String(20 + 11).padStart(16, '0');
    const { body } = await get('/genealogy/trace', { lot: FEED, direction: 'forward', asOfPosition: early });
    expect(body).toMatchObject({ position: early, complete: true });
    expect(body.forward.lots.length).toBeLessThan(3);
    const short = await get('/genealogy/trace', { lot: FEED, direction: 'forward', asOfPosition: '31' });
    expect(short.body).toEqual(body);
    const wrong = await get('/genealogy/trace', { lot: FEED, asOfPosition: 'yesterday' });
    expect([wrong.status, wrong.body.code, wrong.body.problems[0].field]).toEqual([
      400,
      'bad-position',
      '/asOfPosition',
    ]);
  });

  it('refuses lots whose name cannot be stored, in the path and in the query', async () => {
    for (const path of ['/genealogy/lots/A%00B', '/genealogy/lots?lotCode=%00', '/genealogy/trace?lot=%00']) {
      const response = await fetch(new URL(path, running.url));
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'bad-text']);
    }
  });

  it('shows a lot with its ledger, and its mass balance', async () => {
    const { body } = await get(`/genealogy/lots/${encodeURIComponent(COMMINGLE)}`);
    expect(body).toMatchObject({
      id: COMMINGLE,
      complete: true,
      balances: [{ place: `${GDST}:location:loc:processor.plant1u`, amount: { value: '12124', unit: 'KGM' } }],
    });
    expect(body.ledger.every((entry: any) => entry.events.length > 0)).toBe(true);
    const balance = await get(`/genealogy/mass-balance/${encodeURIComponent(COMMINGLE)}`);
    expect(balance.body.balances).toMatchObject([
      { unit: 'KGM', made: '22000', consumed: '9876', onHand: '12124', balanced: true },
    ]);
  });

  it('finds lots by code, page by page', async () => {
    const { body } = await get('/genealogy/lots', { lotCode: 'v1-0122-2022', limit: '1' });
    expect(body.items).toHaveLength(1);
    const rest = await get('/genealogy/lots', { lotCode: 'v1-0122-2022', limit: '1', cursor: body.next });
    expect([...body.items, ...rest.body.items].map((l: any) => l.id)).toEqual([
      lot('fisherman01.tunau.v1-0122-2022'),
      CANS,
    ]);
    expect(rest.body.next).toBeUndefined();
  });

  it('lists the eight discrepancies, also as CSV', async () => {
    const { body } = await get('/genealogy/discrepancies', { status: 'open' });
    expect(body.items.map((d: any) => d.kind).sort()).toEqual([
      ...['dates-contradict', 'dates-contradict', 'more-out-than-in'],
      ...[
        'movement-not-recorded',
        'movement-not-recorded',
        'movement-not-recorded',
        'movement-not-recorded',
        'over-used',
      ],
    ]);
    const csv = await get('/genealogy/discrepancies', { kind: 'over-used' }, { accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.headers.get('x-log-position')).toBe(head);
    expect(csv.text.trim().split('\r\n')).toHaveLength(2);
  });

  it.each([
    ['/genealogy/lots', 6],
    ['/genealogy/discrepancies', 8],
    [`/genealogy/lots/${encodeURIComponent(FEED)}`, undefined],
  ])('gives %s as a workbook with the rows of the CSV', async (path, rows) => {
    const url = new URL(`${path}?minPosition=${head}`, running.url);
    const answer = await fetch(url, { headers: { accept: `${XLSX}, text/csv;q=0.5` } });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-log-position')]).toEqual([
      ...[200, XLSX, head],
    ]);
    const sheet = await readSheet(Buffer.from(await answer.arrayBuffer()), { trim: false });
    const csv = await get(path, {}, { accept: 'text/csv' });
    const [heading = '', ...lines] = csv.text.trim().split('\r\n');
    expect(lines.length).toBe(rows ?? lines.length);
    expect(lines.length).toBeGreaterThan(0);
    expect(sheet[0]).toEqual(heading.split(','));
    expect(sheet.slice(1).map((row) => row[0])).toEqual(
      lines.map((line) => (/^\d+,/.test(line) ? Number.parseInt(line) : line.split(',')[0])),
    );
    const amount = heading.split(',').indexOf('amount');
    if (amount >= 0) expect(sheet.slice(1).some((row) => typeof row[amount] === 'number')).toBe(true);
  });

  it.each([
    ['/genealogy/trace', {}, 400, '/lot'],
    ['/genealogy/trace', { lot: FEED, direction: 'sideways' }, 400, '/direction'],
    ['/genealogy/trace', { lot: FEED, depth: 'deep' }, 400, '/depth'],
    ['/genealogy/trace', { lot: FEED, asOf: 'yesterday' }, 400, '/asOf'],
    ['/genealogy/lots', { cursor: 'none-of-ours' }, 400, '/cursor'],
    ['/genealogy/discrepancies', { kind: 'odd' }, 400, '/kind'],
  ])('names the field that is wrong: %s %j', async (path, query, status, field) => {
    const answer = await get(path, query);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.problems.map((p: any) => p.field)).toContain(field);
  });

  it('does not know a lot that no event names', async () => {
    for (const path of [
      '/genealogy/trace?lot=urn:x:none',
      '/genealogy/lots/urn%3Ax%3Anone',
      '/genealogy/mass-balance/urn%3Ax%3Anone',
    ]) {
      const response = await fetch(new URL(path, running.url));
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.json()).toMatchObject({ code: 'lot-unknown' });
    }
  });
});
