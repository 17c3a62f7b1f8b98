import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kg, reporterOf, said, voids, type Reporter } from '../../../test/support/reporter.js';
import { startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const OTHER = 'https://id.gs1.org/01/09506000134376';
const PLANT = 'urn:test:place:plant';
const [MILK, CREAM, CHEESE, PIZZA] = [`${ITEM}/10/M1`, `${ITEM}/10/M2`, `${OTHER}/10/C1`, `${OTHER}/10/P1`];

const at = (day: number): string => `2026-03-0${day}T10:00:00+02:00`;
const made = (day: number, input: string, output: string, runId: string): ReturnType<typeof said> =>
  said('ProductionRecorded', at(day), {
    ...{ place: PLANT, runId, inputs: [{ lot: input, quantity: kg('10') }] },
    outputs: [{ lot: output, quantity: kg('9') }],
  });

describe('a hold walks the graph', () => {
  let lotline: Standalone;
  let reporter: Reporter;
  beforeAll(async () => {
    lotline = await startStandalone();
    reporter = reporterOf(lotline);
    await reporter.tell(
      said('GoodsReceived', at(1), {
        ...{ place: PLANT },
        goods: [MILK, CREAM].map((lot) => ({ lot, quantity: kg('100') })),
      }),
    );
  });
  afterAll(() => lotline.stop());

  const hold = async (lot: string, holdId: string): Promise<void> => {
    const body = { holdId, reason: `because ${holdId}`, owner: 'lab' };
    reporter.seen(await lotline.api('POST', `/inventory/lots/${encodeURIComponent(lot)}/holds`, { body }));
  };
  const lift = async (lot: string, holdId: string): Promise<void> => {
    const path = `/inventory/lots/${encodeURIComponent(lot)}/holds/${holdId}/lift`;
    reporter.seen(await lotline.api('POST', path, { body: { reason: 'all is well' } }));
  };
  const view = (lot: string): Promise<any> => reporter.get(`/genealogy/lots/${encodeURIComponent(lot)}`);
  const suspects = (more: Record<string, string> = {}): Promise<any> => reporter.get('/genealogy/suspects', more);
  const short = (page: any): string[] =>
    page.items.map((s: any) => `${s.holdId} ${s.held.slice(-2)}>${s.lot.slice(-2)}`);

  it('marks what is made of the lot, by late facts too, with the path; lifting undoes what that hold caused', async () => {
    // The hold comes first: what it makes suspect is told later, the last step before the first.
    await hold(CREAM, 'QC-2');
    await hold(MILK, 'QC-1');
    expect(short(await suspects())).toEqual([]);
    await reporter.tell(made(3, CHEESE, PIZZA, 'RUN-2'));
    const wrong = { ...made(2, CREAM, CHEESE, 'RUN-0'), id: 'urn:uuid:00000000-0000-4000-8000-000000000001' };
    await reporter.tell(made(2, MILK, CHEESE, 'RUN-1'), wrong);

    const cheese = await view(CHEESE);
    const all = await suspects();
    expect(short(all)).toEqual(['QC-1 M1>C1', 'QC-1 M1>P1', 'QC-2 M2>C1', 'QC-2 M2>P1']);
    expect(all.items[1]).toEqual({
      ...{ lot: PIZZA, item: OTHER, lotCode: 'P1', status: 'suspect', holdId: 'QC-1', owner: 'lab' },
      ...{ reason: 'because QC-1', held: MILK, depth: 2 },
      path: [
        { lot: MILK, transformation: expect.any(String) },
        { lot: CHEESE, transformation: expect.any(String) },
        { lot: PIZZA },
      ],
      onHand: [{ place: PLANT, amount: kg('9') }],
    });
    expect(cheese).toMatchObject({
      status: 'suspect',
      suspect: [
        { lot: MILK, holdId: 'QC-1', owner: 'lab' },
        { lot: CREAM, holdId: 'QC-2' },
      ],
    });
    const trace = await reporter.get('/genealogy/trace', { lot: MILK });
    expect([trace.lot, ...trace.forward.lots].map((l: any) => l.status)).toEqual(['held', 'suspect', 'suspect']);
    const found = await reporter.get('/genealogy/lots', { item: OTHER });
    expect(found.items.map((l: any) => l.status)).toEqual(['suspect', 'suspect']);

    // Page by page, by hold, item, place and as a table.
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await suspects({ limit: '1', ...(cursor !== undefined && { cursor }) });
      paged.push(...short(page));
      if ((cursor = page.next) === undefined) break;
    }
    expect(paged).toEqual(short(all));
    expect(short(await suspects({ hold: 'QC-2', place: PLANT, status: 'suspect' }))).toEqual(short(all).slice(2));
    for (const none of [{ hold: 'QC-9' }, { owner: 'nobody' }, { item: ITEM }, { place: 'urn:test:place:other' }])
      expect((await suspects(none as unknown as Record<string, string>)).items).toEqual([]);
    const csv = await lotline.api('GET', '/genealogy/suspects', { headers: { accept: 'text/csv' } });
    expect(String(csv.body).split('\r\n')[1]).toMatch(/^QC-1,lab,because QC-1,.*,8 KGM urn:test:place:plant$/);

    // What the voided report caused goes with it, the other hold and its path stand.
    await reporter.tell(voids(wrong.id, at(4)));
    expect((await view(PIZZA)).suspect.map((s: any) => s.holdId)).toEqual(['QC-1']);
    await lift(MILK, 'QC-1');
    expect(short(await suspects())).toEqual([]);
    expect((await view(PIZZA)).status).toBe('available');
    expect((await lotline.api('GET', '/genealogy/suspects?cursor=nonsense')).body.code).toBe('bad-cursor');
  });
});
