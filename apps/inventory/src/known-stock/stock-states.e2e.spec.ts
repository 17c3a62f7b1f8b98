import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Answer, type Standalone } from '../../../../test/support/start-standalone.js';

const MILK = '09506000134352';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const SHOP = 'https://id.gs1.org/417/9506000300034';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });

describe('stock, from the promise to the fact', () => {
  let lotline: Standalone;
  let count = 0;
  beforeAll(async () => {
    lotline = await startStandalone();
  });
  afterAll(() => lotline.stop());

  const post = (path: string, body: unknown = {}) => lotline.api('POST', path, { body });
  const taken = (answer: Answer): Answer => {
    expect([answer.status, answer.status < 300 ? '' : answer.body]).toEqual([expect.any(Number), '']);
    return answer;
  };
  const receive = async (amount: string): Promise<string> =>
    taken(await post('/inventory/receipts', { item: MILK, lotCode: `L-${++count}`, amount: kg(amount), place: PLANT }))
      .body.lot;
  const plan = async (lot: string, amount: string): Promise<string> =>
    taken(await post('/shipping/shipments', { from: PLANT, consignee: SHOP, lines: [{ lot, amount: kg(amount) }] }))
      .body.shipment;
  const dispatch = (shipment: string) => post(`/shipping/shipments/${shipment}/dispatch`);
  const shippedFact = async (shipment: string, lot: string, amount: string, id = `F-${++count}`): Promise<object> => {
    const answer = await post('/events', {
      specversion: '1.0',
      id,
      source: 'urn:plant:wms',
      type: 'GoodsShipped',
      time: '2026-03-03T08:00:00Z',
      data: { from: PLANT, consignee: SHOP, shipmentId: shipment, goods: [{ lot, quantity: kg(amount) }] },
    });
    return taken(answer).body;
  };
  /** On hand as the facts have it, and what may still be promised. */
  const stockOf = async (lot: string): Promise<[amount: string, available: string]> => {
    const { body } = await lotline.api('GET', `/inventory/lots/${encodeURIComponent(lot)}`);
    const there = body.stock?.find((s: { place: string }) => s.place === PLANT);
    return [there?.amount.value ?? '0', there?.available.value ?? '0'];
  };
  const becomes = async (lot: string, amount: string, available: string): Promise<void> => {
    await lotline.until(`${amount} of it`, async () => (await stockOf(lot))[0] === amount);
    expect(await stockOf(lot)).toEqual([amount, available]);
    const list = await lotline.api('GET', `/inventory/stock?lot=${encodeURIComponent(lot)}&place=${PLANT}`);
    expect(list.body.items[0]?.amount.value ?? '0').toBe(amount);
  };
  const openIssues = async (lot: string): Promise<string[]> =>
    (await lotline.api('GET', `/inventory/commitments?kind=issue&lot=${encodeURIComponent(lot)}`)).body.items.map(
      (item: { id: string }) => item.id,
    );
  const discrepancies = async (lot: string): Promise<string[]> =>
    (await lotline.api('GET', `/genealogy/discrepancies?lot=${encodeURIComponent(lot)}`)).body.items.map(
      (d: { kind: string }) => d.kind,
    );

  it('issued, it is still there and nobody else gets it; dispatched, it is gone once', async () => {
    const lot = await receive('100');
    await becomes(lot, '100', '100');
    const shipment = await plan(lot, '60');
    const reference = `shipment:${shipment}`;
    taken(await post('/inventory/issues', { reference, lines: [{ lot, place: PLANT, amount: kg('60') }] }));
    expect(await stockOf(lot)).toEqual(['100', '40']);
    await lotline.until('the issue is listed', async () => (await openIssues(lot)).includes(reference));
    expect(taken(await dispatch(shipment)).body.status).toBe('dispatched');
    await becomes(lot, '40', '40');
    expect(await openIssues(lot)).toEqual([]);
    expect(await discrepancies(lot)).toEqual([]);
  });

  it('confirmed by a fact with another amount, the fact counts, and the difference is listed', async () => {
    const lot = await receive('100');
    const shipment = await plan(lot, '60');
    taken(await dispatch(shipment));
    await becomes(lot, '40', '40');
    expect(await shippedFact(shipment, lot, '55', 'ONCE')).toMatchObject({ recorded: 1 });
    await becomes(lot, '45', '45');
    await lotline.until('it is listed', async () => (await discrepancies(lot)).includes('confirmed-differently'));
    // Sent again it is a duplicate and changes nothing.
    expect(await shippedFact(shipment, lot, '55', 'ONCE')).toMatchObject({ duplicates: 1 });
    const after = await receive('1');
    await becomes(after, '1', '1');
    expect(await stockOf(lot)).toEqual(['45', '45']);
    expect(await openIssues(lot)).toEqual([]);
  });

  it('confirmed by a fact that came before the command, it is counted once', async () => {
    const lot = await receive('30');
    await becomes(lot, '30', '30');
    const shipment = await plan(lot, '30');
    await shippedFact(shipment, lot, '30');
    await becomes(lot, '0', '0');
    expect(taken(await dispatch(shipment)).body.status).toBe('dispatched');
    const after = await receive('1');
    await becomes(after, '1', '1');
    expect(await stockOf(lot)).toEqual(['0', '0']);
    expect(await discrepancies(lot)).toEqual([]);
    expect((await lotline.api('GET', '/inventory/commitments/broken')).body.items).toEqual([]);
  });

  it('issued and then confirmed by a fact while the dispatch is still to come, it is counted once', async () => {
    const lot = await receive('30');
    await becomes(lot, '30', '30');
    const shipment = await plan(lot, '20');
    const reference = `shipment:${shipment}`;
    taken(await post('/inventory/issues', { reference, lines: [{ lot, place: PLANT, amount: kg('20') }] }));
    expect(await stockOf(lot)).toEqual(['30', '10']);
    await shippedFact(shipment, lot, '18');
    await becomes(lot, '12', '12');
    taken(await dispatch(shipment));
    const after = await receive('1');
    await becomes(after, '1', '1');
    expect(await stockOf(lot)).toEqual(['12', '12']);
    expect(await discrepancies(lot)).toEqual(['confirmed-differently']);
  });

  it('returned by the customer, it is the same lot again, at the place it came back to', async () => {
    const lot = await receive('100');
    await becomes(lot, '100', '100');
    const shipment = await plan(lot, '60');
    taken(await dispatch(shipment));
    await becomes(lot, '40', '40');
    const back = { return: 'RMA-1', lines: [{ lot, place: PLANT, amount: kg('15') }], reason: 'ordered too much' };
    taken(await post(`/shipping/shipments/${shipment}/returns`, back));
    taken(await post(`/shipping/shipments/${shipment}/returns`, back));
    await becomes(lot, '55', '55');
    expect(await discrepancies(lot)).toEqual([]);
    const more = await post(`/shipping/shipments/${shipment}/returns`, {
      ...{ return: 'RMA-2', lines: [{ lot, place: PLANT, amount: kg('46') }], reason: 'x' },
    });
    expect([more.status, more.body.problems[0].code]).toEqual([422, 'more-than-dispatched']);
  });

  it('issued and undone, it is as if nothing had been', async () => {
    const lot = await receive('10');
    await becomes(lot, '10', '10');
    taken(await post('/inventory/issues', { reference: 'run:R-1', lines: [{ lot, place: PLANT, amount: kg('10') }] }));
    expect(await stockOf(lot)).toEqual(['10', '0']);
    taken(await post('/inventory/issues/run:R-1/undo', { reason: 'not made' }));
    expect(await stockOf(lot)).toEqual(['10', '10']);
  });
});
