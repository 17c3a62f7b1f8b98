import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventLog } from '#event-log';
import { EVENT_LOG } from '#platform';
import { spawnTs } from '#testkit';
import { startStandalone, type Standalone } from '../../../../test/support/start-standalone.js';
import { DISPATCH_SWEEPER } from '../tokens.js';
import type { DispatchSweeper } from './dispatch-sweeper.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const SHOP = 'https://id.gs1.org/417/9506000300034';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });

describe('dispatch by command', () => {
  let lotline: Standalone;
  let count = 0;

  const post = (path: string, body: unknown = {}) => lotline.api('POST', path, { body });
  const receive = async (amount: string, more: Record<string, unknown> = {}): Promise<string> => {
    const lotCode = `L-${++count}`;
    const answer = await post('/inventory/receipts', {
      item: ITEM,
      lotCode,
      amount: kg(amount),
      place: PLANT,
      ...more,
    });
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body.lot;
  };
  const plan = async (...lines: [lot: string, amount: string][]): Promise<string> => {
    const answer = await post('/shipping/shipments', {
      from: PLANT,
      consignee: SHOP,
      lines: lines.map(([lot, amount]) => ({ lot, amount: kg(amount) })),
    });
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body.shipment;
  };
  const stockOf = async (lot: string): Promise<{ amount: string; available: string } | undefined> => {
    const { body } = await lotline.api('GET', `/inventory/lots/${encodeURIComponent(lot)}`);
    const at = body.stock.find((s: { place: string }) => s.place === PLANT);
    return at && { amount: at.amount.value, available: at.available.value };
  };
  const codes = (answer: { body: { problems: { code: string; index: number }[] } }) =>
    answer.body.problems.map((p) => [p.index, p.code]);

  let log: EventLog;
  beforeAll(async () => {
    lotline = await startStandalone();
    log = lotline.running.app.get<EventLog>(EVENT_LOG);
  });
  afterAll(() => lotline.stop());

  it('is planned for in a list that is read page by page', async () => {
    const lot = await receive('10');
    const planned = [await plan([lot, '1']), await plan([lot, '1']), await plan([lot, '1'])].sort();
    const path = `/shipping/shipments?lot=${encodeURIComponent(lot)}&limit=2`;
    const at = await log.head();
    const first = (await lotline.api('GET', `${path}&minPosition=${at}`)).body;
    const second = (await lotline.api('GET', `${path}&cursor=${first.next}`)).body;
    const ids = [...first.items, ...second.items].map((s: { shipment: string }) => s.shipment);
    expect([first.items.length, ids, second.next]).toEqual([2, planned, undefined]);
    expect((await lotline.api('GET', `${path}&cursor=nonsense`)).body.code).toBe('bad-cursor');
  });

  it('issues the stock, then the shipment leaves, and the stock is counted once', async () => {
    const lot = await receive('100');
    const shipment = await plan([lot, '60']);
    const sent = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([sent.status, sent.body.status]).toEqual([200, 'dispatched']);
    expect((await stockOf(lot))?.available).toBe('40');
    await lotline.until('the movement is known', async () => (await stockOf(lot))?.amount === '40');
    expect((await stockOf(lot))?.available).toBe('40');
    const again = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([again.status, again.body]).toEqual([200, sent.body]);
    const list = await lotline.api(
      'GET',
      `/shipping/shipments?lot=${encodeURIComponent(lot)}&minPosition=${sent.headers['x-log-position']}`,
    );
    expect(list.body.items).toEqual([sent.body]);
  });

  it('is refused with every reason over all lines, and takes nothing then', async () => {
    const good = await receive('10');
    const held = await receive('10');
    const expired = await receive('10', { dates: { expiry: '2020-01-01' } });
    const quarantined = await receive('10', { quarantine: true });
    const rejected = await receive('10');
    await post(`/inventory/lots/${encodeURIComponent(held)}/holds`, { reason: 'label check' });
    await post(`/inventory/holds`, { holdId: 'recall:R-9', owner: 'recall:R-9', reason: 'glass', lots: [held] });
    const reject = await post(`/inventory/lots/${encodeURIComponent(rejected)}/reject`, { reason: 'listeria' });
    expect(reject.status).toBe(200);
    const shipment = await plan([good, '11'], [held, '1'], [expired, '1'], [quarantined, '1'], [rejected, '1']);
    const refused = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([refused.status, refused.body.code]).toEqual([422, 'dispatch-refused']);
    expect(codes(refused)).toEqual([
      [0, 'insufficient-stock'],
      [1, 'lot-held'],
      [1, 'lot-recalled'],
      [2, 'lot-expired'],
      [3, 'lot-quarantined'],
      [4, 'lot-rejected'],
    ]);
    expect((await stockOf(good))?.available).toBe('10');
  });

  it('is refused at another revision than the caller saw', async () => {
    const lot = await receive('10');
    const shipment = await plan([lot, '10']);
    const seen = await lotline.api('GET', `/shipping/shipments/${shipment}`);
    const unit = 'https://id.gs1.org/00/095060001234567894';
    const contents = [{ lot, amount: kg('10') }];
    const packed = await post(`/shipping/shipments/${shipment}/units`, { unit, contents });
    const dispatch = (etag: string | undefined) =>
      lotline.api('POST', `/shipping/shipments/${shipment}/dispatch`, { headers: { 'if-match': etag ?? '' } });
    const late = await dispatch(seen.headers.etag);
    expect([late.status, late.body.code]).toEqual([412, 'revision-conflict']);
    await lotline.until('nothing is taken', async () => (await stockOf(lot))?.available === '10');
    expect((await dispatch(packed.headers.etag)).status).toBe(200);
  });

  it('is refused from where the lot is not', async () => {
    const lot = await receive('5', { place: 'https://id.gs1.org/414/9506000100023' });
    const shipment = await plan([lot, '5'], [`${ITEM}/10/NEVER-SEEN`, '1']);
    expect(codes(await post(`/shipping/shipments/${shipment}/dispatch`))).toEqual([
      [0, 'wrong-place'],
      [1, 'lot-unknown'],
    ]);
  });

  it('killed between issue and departure is repaired, and can be sent again', async () => {
    const lot = await receive('10');
    const shipment = await plan([lot, '10']);
    const file = new URL('./stopped-dispatch.fixture.ts', import.meta.url);
    const process = spawnTs(file, [lotline.databaseUrl, lotline.url, shipment]);
    expect(await process.line(/issued/)).toBe('{"issued":true}');
    await process.kill();
    expect((await stockOf(lot))?.available).toBe('0');

    const sweeper = lotline.running.app.get<DispatchSweeper>(DISPATCH_SWEEPER);
    expect(await sweeper.sweep(60_000)).toEqual([]);
    await lotline.until('the sweeper repaired it', async () => (await sweeper.sweep(0)).includes(shipment));
    expect((await stockOf(lot))?.available).toBe('10');
    await lotline.until('nothing is left to repair', async () => (await sweeper.sweep(0)).length === 0);

    const sent = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([sent.status, sent.body.status, sent.body.attempt]).toEqual([200, 'dispatched', 2]);
    expect((await stockOf(lot))?.available).toBe('0');
    await lotline.until('the movement is known', async () => (await stockOf(lot))?.amount === undefined);
    expect(await sweeper.sweep(0)).toEqual([]);
  });

  it('leaves alone what was sent, however late that becomes known', async () => {
    const lot = await receive('10');
    const shipment = await plan([lot, '10']);
    expect((await post(`/shipping/shipments/${shipment}/dispatch`)).status).toBe(200);
    const sweeper = lotline.running.app.get<DispatchSweeper>(DISPATCH_SWEEPER);
    expect(await sweeper.sweep(0)).toEqual([]);
    const answer = await post(`/inventory/issues/${encodeURIComponent(`shipment:${shipment}`)}/undo`, {
      attempt: 7,
      reason: 'no such attempt',
      lots: [lot],
    });
    expect(answer.status).toBe(200);
    expect((await stockOf(lot))?.available ?? '0').toBe('0');
  });

  it('sends what was packed inside its units', async () => {
    const lot = await receive('10');
    const shipment = await plan([lot, '10']);
    const unit = 'https://id.gs1.org/00/095060001000000018';
    expect(
      (await post(`/shipping/shipments/${shipment}/units`, { unit, contents: [{ lot, amount: kg('7') }] })).status,
    ).toBe(201);
    const sent = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect(sent.body.loads).toEqual([
      { lot, amount: kg('7'), unit },
      { lot, amount: kg('3') },
    ]);
    await lotline.until('all of it left', async () => (await stockOf(lot))?.amount === undefined);
    expect((await post(`/shipping/shipments/${shipment}/delivery`, {})).body.status).toBe('delivered');
    const back = await post(`/shipping/shipments/${shipment}/returns`, {
      reason: 'damaged',
      lines: [{ lot, amount: kg('2'), place: PLANT }],
    });
    expect(back.status).toBe(201);
    await lotline.until('it is back', async () => (await stockOf(lot))?.amount === '2');
  });

  const hold = (lot: string, holdId: string) =>
    post(`/inventory/lots/${encodeURIComponent(lot)}/holds`, { holdId, reason: 'label check' });
  const sweeper = () => lotline.running.app.get<DispatchSweeper>(DISPATCH_SWEEPER);

  it('cut short after its issue does not leave once the lot is held, and gives the stock back', async () => {
    const [lot, other] = [await receive('10'), await receive('10')];
    const shipment = await plan([other, '1'], [lot, '10']);
    const file = new URL('./stopped-dispatch.fixture.ts', import.meta.url);
    const process = spawnTs(file, [lotline.databaseUrl, lotline.url, shipment]);
    expect(await process.line(/issued/)).toBe('{"issued":true}');
    await process.kill();
    expect((await hold(lot, 'QC-7')).status).toBe(201);
    const refused = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([refused.status, refused.body.code, codes(refused)]).toEqual([422, 'dispatch-refused', [[1, 'lot-held']]]);
    expect((await stockOf(lot))?.available).toBe('10');
    await post(`/inventory/lots/${encodeURIComponent(lot)}/holds/QC-7/lift`, { reason: 'label is right' });
    const sent = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([sent.status, sent.body.attempt]).toEqual([200, 2]);
    expect((await stockOf(other))?.available).toBe('9');
  });

  it('names of each line what forbids it and what it lacks, over lots of several items', async () => {
    const lot = await receive('10', { dates: { expiry: '2020-01-01' } });
    const foreign = await receive('3', { item: 'https://id.gs1.org/01/09506000134369' });
    await hold(lot, 'QC-1');
    await hold(foreign, 'QC-2');
    const shipment = await plan([lot, '11'], [foreign, '4']);
    const refused = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect(codes(refused)).toEqual([
      [0, 'lot-held'],
      [0, 'lot-expired'],
      [0, 'insufficient-stock'],
      [1, 'lot-held'],
      [1, 'insufficient-stock'],
    ]);
  });

  const allocate = (shipment: string, lot: string, amount: string) =>
    post('/inventory/allocations', {
      allocation: `A-${shipment}`,
      for: `shipment:${shipment}`,
      lines: [{ lot, place: PLANT, amount: kg(amount) }],
    });

  it('of a cancelled shipment never comes, and what was allocated for it is free again', async () => {
    const lot = await receive('10');
    const shipment = await plan([lot, '10']);
    expect((await allocate(shipment, lot, '10')).status).toBe(201);
    expect((await stockOf(lot))?.available).toBe('0');
    expect((await post(`/shipping/shipments/${shipment}/cancel`, { reason: 'order cancelled' })).status).toBe(200);
    expect((await stockOf(lot))?.available).toBe('10');
    const late = await post(`/shipping/shipments/${shipment}/dispatch`);
    expect([late.status, late.body.code]).toEqual([422, 'shipment-cancelled']);
    expect((await allocate(shipment, lot, '10')).body.code).toBe('allocation-released');
    // Allocated when it was over already: nobody but the sweeper sees that.
    await post('/inventory/allocations', {
      for: `shipment:${shipment}`,
      lines: [{ lot, place: PLANT, amount: kg('4') }],
    });
    expect((await stockOf(lot))?.available).toBe('6');
    await lotline.until('it is swept', async () => (await sweeper().sweepPromises()).includes(shipment));
    expect((await stockOf(lot))?.available).toBe('10');
  });

  it('that needs less than was allocated leaves the rest to others', async () => {
    const lot = await receive('10');
    const shipment = await plan([lot, '6']);
    expect((await allocate(shipment, lot, '9')).status).toBe(201);
    expect((await post(`/shipping/shipments/${shipment}/dispatch`)).status).toBe(200);
    expect((await stockOf(lot))?.available).toBe('1');
    await lotline.until('it is swept', async () => (await sweeper().sweepPromises()).includes(shipment));
    expect((await stockOf(lot))?.available).toBe('4');
  });

  it('never comes after the hold was acknowledged, however they race', async () => {
    const turns = fc.integer({ min: 0, max: 40 });
    await fc.assert(
      fc.asyncProperty(turns, turns, turns, async (holdAfter, oneAfter, otherAfter) => {
        const lot = await receive('10');
        const shipments = [await plan([lot, '4']), await plan([lot, '4'])];
        const after = async (turn: number): Promise<void> => {
          for (let i = 0; i < turn; i++) await new Promise((next) => setImmediate(next));
        };
        const statuses: number[] = [];
        const send = async (shipment: string, turn: number): Promise<void> => {
          await after(turn);
          statuses.push((await post(`/shipping/shipments/${shipment}/dispatch`)).status);
        };
        const held = after(holdAfter).then(
          async () => (await hold(lot, 'QC-RACE')).headers['x-log-position'] ?? 'not held',
        );
        await Promise.all([held, ...shipments.map((shipment, i) => send(shipment, i === 0 ? oneAfter : otherAfter))]);
        const position = await held;
        expect(position).toMatch(/^\d+$/);
        await Promise.all(shipments.map((shipment) => send(shipment, 0)));
        // One that left before the hold answers the same again: what matters is that none leaves after it.
        const issued = (await log.readStream(`stock-${ITEM}`)).filter((e) => e.type === 'StockIssued');
        const ofLot = issued.filter((e) => JSON.stringify(e.data).includes(`${lot}"`));
        expect(ofLot.filter((e) => e.position > position)).toEqual([]);
        for (const shipment of shipments) {
          const events = await log.readStream(`shipment-${shipment}`);
          const left = events.find((e) => e.type === 'ShipmentDispatched');
          expect(left === undefined).toBe(!ofLot.some((e) => JSON.stringify(e.data).includes(shipment)));
        }
        expect(statuses.filter((status) => status !== 200 && status !== 422)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
