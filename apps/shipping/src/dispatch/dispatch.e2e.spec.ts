import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

  beforeAll(async () => {
    lotline = await startStandalone();
  });
  afterAll(() => lotline.stop());

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
});
