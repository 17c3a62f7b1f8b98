import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { startStandalone, type Standalone } from '../../../../test/support/start-standalone.js';
import type { CaseView } from '../domain/case-view.js';
import { ReconcileHolds } from './reconcile-holds.js';

const MILK = 'https://id.gs1.org/01/09506000134352';
const CHEESE = 'https://id.gs1.org/01/09506000134369';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const DAIRY = 'https://id.gs1.org/417/9506000100016';
const SHOP = 'https://id.gs1.org/417/9506000300034';
const OTHER_SHOP = 'https://id.gs1.org/417/9506000300041';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });

describe('recall cases', () => {
  let database: TestDatabase;
  let lotline: Standalone;
  let count = 0;

  const start = async (): Promise<void> => {
    lotline = await startStandalone({ databaseUrl: database.url });
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    await start();
  });
  afterAll(async () => {
    await lotline.stop();
    await database.drop();
  });

  const post = (path: string, body: unknown = {}) => lotline.api('POST', path, { body });
  const ok = async (path: string, body: unknown = {}) => {
    const answer = await post(path, body);
    expect([path, answer.status, answer.status < 300 ? '' : answer.body]).toEqual([path, expect.any(Number), '']);
    return answer.body;
  };
  const newLot = (item = MILK): string => `${item}/10/L${++count}`;
  const eventId = (): string => `urn:uuid:6a0f3c58-7c0b-4a53-8a0e-${String(++count).padStart(12, '0')}`;
  /** Records a fact; @returns its event id. */
  const fact = async (event: Record<string, unknown>): Promise<string> => {
    const eventID = eventId();
    const answer = await post('/epcis/events', {
      '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
      eventID,
      eventTime: '2026-03-01T08:00:00Z',
      eventTimeZoneOffset: '+00:00',
      bizLocation: { id: PLANT },
      ...event,
    });
    expect([answer.status, answer.status === 201 ? '' : answer.body]).toEqual([201, '']);
    return eventID;
  };
  const quantity = (lot: string, value: number) => ({ epcClass: lot, quantity: value, uom: 'KGM' });
  const made = (lot: string, value: number) =>
    fact({ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', quantityList: [quantity(lot, value)] });
  const turned = (input: [string, number][], output: [string, number][]) =>
    fact({
      type: 'TransformationEvent',
      bizStep: 'commissioning',
      eventTime: '2026-03-02T08:00:00Z',
      inputQuantityList: input.map(([lot, value]) => quantity(lot, value)),
      outputQuantityList: output.map(([lot, value]) => quantity(lot, value)),
    });
  const shipped = (lot: string, value: number, to: string, eventTime = '2026-03-03T08:00:00Z') =>
    fact({
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      eventTime,
      quantityList: [quantity(lot, value)],
      sourceList: [{ type: 'owning_party', source: DAIRY }],
      destinationList: [{ type: 'owning_party', destination: to }],
    });
  const open = async (...suspects: object[]): Promise<string> =>
    (await ok('/recalls/cases', { reason: 'glass in milk', suspects })).case;
  const view = async (id: string): Promise<CaseView> => (await lotline.api('GET', `/recalls/cases/${id}`)).body;
  const until = (what: string, id: string, test: (c: CaseView) => boolean) =>
    lotline.until(what, async () => test(await view(id)));
  const lotsOf = (c: CaseView): string[] => c.scope.map((entry) => entry.lot);
  const isHeld = (c: CaseView, lot: string): boolean => c.scope.find((entry) => entry.lot === lot)?.held != null;
  const holdsOn = async (lot: string): Promise<string[]> => {
    const { body } = await lotline.api('GET', `/inventory/lots/${encodeURIComponent(lot)}`);
    return body.holds.map((hold: { holdId: string }) => hold.holdId);
  };

  it('covers, holds and lists at once what the suspects reached, with exposure and notices', async () => {
    const [milk, water, cheese] = [newLot(), newLot(), newLot(CHEESE)];
    await made(milk, 300);
    await made(water, 100);
    const run = await turned(
      [
        [milk, 300],
        [water, 100],
      ],
      [[cheese, 200]],
    );
    const left = await shipped(cheese, 50, SHOP);
    const id = await open({ lot: milk });
    const found = await view(id);
    expect(lotsOf(found)).toEqual([milk, cheese]);
    expect(found.scope.map((entry) => [entry.suspect, entry.depth, entry.held !== null])).toEqual([
      [true, 0, true],
      [false, 1, true],
    ]);
    expect(found.scope[1]).toMatchObject({ because: expect.arrayContaining([run]) });
    expect(found.stock).toMatchObject([
      {
        lot: cheese,
        place: PLANT,
        amount: kg('150'),
        held: true,
        exposure: { share: 0.75, proportional: kg('112.5') },
      },
    ]);
    expect(found.consignees).toMatchObject([
      {
        party: SHOP,
        lots: [{ lot: cheese, amount: kg('50'), exposure: { worstCase: kg('50'), proportional: kg('37.5') } }],
      },
    ]);
    expect(found.notices).toMatchObject([
      { consignee: SHOP, inferred: false, lots: [{ lot: cheese, amounts: [kg('50')] }] },
    ]);
    expect(found.changes).toMatchObject([{ lots: [milk, cheese], because: [run, left].sort() }]);
    expect(found.measures.located).toEqual([
      { suspect: kg('300'), onHand: kg('112.5'), scrapped: kg('0'), percent: 37.5 },
    ]);
    expect(await holdsOn(cheese)).toEqual([`recall:${id}`]);
    let listed: object | undefined;
    await lotline.until('the list says so', async () => {
      const { items } = (await lotline.api('GET', '/recalls/cases?status=open')).body;
      listed = items.find((item: { case: string; notices: number }) => item.case === id && item.notices === 1);
      return listed !== undefined;
    });
    expect(listed).toMatchObject({ case: id, lots: 2, held: 2, consignees: 1, notices: 1 });
  });

  it('is widened by late facts, and says because of which', async () => {
    const [milk, cheese] = [newLot(), newLot(CHEESE)];
    await made(milk, 100);
    const id = await open({ lot: milk });
    expect(lotsOf(await view(id))).toEqual([milk]);
    const run = await turned([[milk, 100]], [[cheese, 90]]);
    await until('the cheese is held', id, (c) => isHeld(c, cheese));
    const left = await shipped(cheese, 10, SHOP);
    await until('the shop is told', id, (c) => c.notices.some((n) => n.consignee === SHOP));
    const { changes } = await view(id);
    expect(changes.map((change) => change.because)).toEqual([[], [run], [left]]);

    await shipped(cheese, 5, SHOP, '2026-03-04T08:00:00Z');
    await until('the shop is told of the rest', id, (c) => c.notices.length === 2);
    expect((await view(id)).notices[1]?.lots).toEqual([{ lot: cheese, amounts: [kg('15')] }]);
  });

  it('goes on where it was after a restart, without doing anything twice', async () => {
    const [milk, cheese] = [newLot(), newLot(CHEESE)];
    await made(milk, 100);
    const id = await open({ lot: milk });
    await turned([[milk, 100]], [[cheese, 90]]);
    await lotline.stop();
    await start();
    await until('the cheese is held', id, (c) => isHeld(c, cheese));
    await lotline.running.app.get(ReconcileHolds).reconcile();
    const { changes } = await view(id);
    expect(changes.map((change) => change.lots)).toEqual([[milk], [cheese]]);
    expect(await holdsOn(cheese)).toEqual([`recall:${id}`]);
  });

  it('when closed lifts its own holds and no others; opened again it holds anew', async () => {
    const milk = newLot();
    await made(milk, 100);
    const [one, two] = [await open({ lot: milk }), await open({ lot: milk })];
    await ok(`/inventory/lots/${encodeURIComponent(milk)}/holds`, { holdId: 'QC-1', reason: 'label check' });
    expect((await holdsOn(milk)).sort()).toEqual(['QC-1', `recall:${one}`, `recall:${two}`].sort());
    await ok(`/recalls/cases/${one}/close`, { reason: 'all accounted for' });
    expect((await holdsOn(milk)).sort()).toEqual(['QC-1', `recall:${two}`].sort());
    const foreign = await post(`/inventory/lots/${encodeURIComponent(milk)}/holds/recall:${two}/lift`, {
      reason: 'in my way',
    });
    expect([foreign.status, foreign.body.code]).toEqual([422, 'hold-not-yours']);
    await ok(`/recalls/cases/${one}/reopen`, { reason: 'second complaint' });
    expect(await holdsOn(milk)).toContain(`recall:${one}`);
    expect((await view(one)).decisions.map((d) => d.kind)).toEqual(['closed', 'reopened']);
  });

  it('that was closed while a hold was still on its way ends without it', async () => {
    const milk = newLot();
    await made(milk, 100);
    const id = await open({ lot: milk });
    await ok(`/recalls/cases/${id}/close`, { reason: 'all accounted for' });
    // What a process leaves that found the case open, was stopped, and went on after it was closed.
    await ok('/inventory/holds', { holdId: `recall:${id}`, owner: `recall:${id}`, reason: 'glass', lots: [milk] });
    const reconcile = lotline.running.app.get(ReconcileHolds);
    await lotline.until('the hold is gone', async () => {
      await reconcile.reconcile();
      return (await holdsOn(milk)).length === 0;
    });
  });

  it('lets a lot go by decision only', async () => {
    const [milk, cheese, rind] = [newLot(), newLot(CHEESE), newLot(CHEESE)];
    await made(milk, 100);
    await turned([[milk, 100]], [[cheese, 90]]);
    const id = await open({ lot: milk });
    const refusedExclusion = await post(`/recalls/cases/${id}/exclusions`, { lot: rind, reason: 'x' });
    expect([refusedExclusion.status, refusedExclusion.body.code]).toEqual([404, 'lot-not-in-scope']);
    await ok(`/recalls/cases/${id}/exclusions`, { lot: cheese, reason: 'made on the other line' });
    expect(await holdsOn(cheese)).toEqual([]);
    // What is made of it is covered all the same.
    await turned([[cheese, 90]], [[rind, 5]]);
    await until('what was made of it is held', id, (c) => isHeld(c, rind));
    const found = await view(id);
    expect(lotsOf(found)).toEqual([milk, rind]);
    expect(found.excluded).toMatchObject([{ lot: cheese, reason: 'made on the other line' }]);
    expect(await holdsOn(cheese)).toEqual([]);
  });

  it('as a drill measures, and touches nothing', async () => {
    const milk = newLot();
    await made(milk, 100);
    await shipped(milk, 40, SHOP);
    const { case: id } = await ok('/recalls/cases', { reason: 'yearly drill', drill: true, suspects: [{ lot: milk }] });
    const found = await view(id);
    expect([found.drill, lotsOf(found), found.notices, found.stock[0]?.held]).toEqual([true, [milk], [], false]);
    expect(found.measures.located).toMatchObject([{ suspect: kg('100'), onHand: kg('60'), percent: 60 }]);
    expect(found.consignees).toMatchObject([{ party: SHOP, lots: [{ amount: kg('40') }] }]);
    expect(await holdsOn(milk)).toEqual([]);
  });

  it('names suspects by a supplier’s lot and by ranges of an item, and takes in those that come later', async () => {
    const item = 'https://id.gs1.org/01/09506000134376';
    const receive = (lotCode: string, more: object = {}) =>
      ok('/inventory/receipts', { item, lotCode, amount: kg('10'), place: PLANT, supplier: OTHER_SHOP, ...more });
    await receive('M-100', { supplierLot: 'S-7', dates: { production: '2026-02-01' } });
    await receive('M-105', { supplierLot: 'S-8', dates: { production: '2026-02-05' } });
    await receive('M-200', { supplierLot: 'S-7', dates: { production: '2026-02-09' } });
    const lot = (code: string): string => `${item}/10/${code}`;
    const bySupplier = await open({ supplierLot: 'S-7', supplier: OTHER_SHOP });
    const byCode = await open({ item, lotCodeFrom: 'M-100', lotCodeTo: 'M-199' });
    const byDay = await open({ item: '09506000134376', producedFrom: '2026-02-02', producedTo: '2026-02-28' });
    expect(lotsOf(await view(bySupplier))).toEqual([lot('M-100'), lot('M-200')]);
    expect(lotsOf(await view(byCode))).toEqual([lot('M-100'), lot('M-105')]);
    expect(lotsOf(await view(byDay))).toEqual([lot('M-105'), lot('M-200')]);
    await receive('M-150', { supplierLot: 'S-7', dates: { production: '2026-02-28' } });
    for (const id of [bySupplier, byCode, byDay])
      await until('the late lot is held', id, (c) => isHeld(c, lot('M-150')));
    for (const id of [bySupplier, byCode, byDay]) await ok(`/recalls/cases/${id}/close`, { reason: 'done' });
  });

  it('holds a suspect that nothing is recorded of yet', async () => {
    const milk = newLot();
    const id = await open({ lot: milk });
    expect((await view(id)).scope).toMatchObject([{ lot: milk, suspect: true, held: expect.anything() }]);
    await made(milk, 10);
    const shipment = await ok('/shipping/shipments', {
      from: PLANT,
      consignee: SHOP,
      lines: [{ lot: milk, amount: kg('1') }],
    });
    await lotline.until('its stock is known', async () => {
      const { body } = await post(`/shipping/shipments/${shipment.shipment}/dispatch`);
      return body.problems.length === 1;
    });
    const refused = await post(`/shipping/shipments/${shipment.shipment}/dispatch`);
    expect([refused.status, refused.body.problems.map((p: { code: string }) => p.code)]).toEqual([
      422,
      ['lot-recalled'],
    ]);
  });

  it('is decided at the revision that was seen, where its decider says which', async () => {
    const lot = newLot();
    await made(lot, 10);
    const opened = await post('/recalls/cases', { reason: 'drill', drill: true, suspects: [{ lot }] });
    const path = `/recalls/cases/${opened.body.case}`;
    const seen = await lotline.api('GET', path);
    expect(seen.headers.etag).toMatch(/^"\d+"$/);
    const close = (etag: string | undefined) =>
      lotline.api('POST', `${path}/close`, { body: { reason: 'done' }, headers: { 'if-match': etag ?? '' } });
    const stale = await close('"0"');
    expect([stale.status, stale.body.code]).toEqual([412, 'revision-conflict']);
    const closed = await close(seen.headers.etag);
    expect([closed.status, closed.body.status]).toEqual([200, 'closed']);
    expect(closed.headers.etag).toBe((await lotline.api('GET', path)).headers.etag);
    expect(closed.headers.etag).not.toBe(seen.headers.etag);
  });

  it('says what is wrong with a request', async () => {
    const bad = await post('/recalls/cases', {
      reason: 'x',
      suspects: [{ item: MILK, lotCodeFrom: 'B', lotCodeTo: 'A' }],
    });
    expect([bad.status, bad.body.problems[0].field]).toEqual([400, '/suspects/0']);
    expect((await post('/recalls/cases', { reason: 'x', suspects: [] })).status).toBe(400);
    expect((await lotline.api('GET', '/recalls/cases/NONE')).body.code).toBe('case-unknown');
    expect((await lotline.api('GET', '/recalls/cases/NONE?minPosition=soon')).body.code).toBe('bad-position');
    expect((await post('/recalls/cases/NONE/close', { reason: 'x' })).status).toBe(404);
  });
});
