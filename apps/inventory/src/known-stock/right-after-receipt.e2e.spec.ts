import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PG_POOL, PROJECTIONS, type Projections } from '#platform';
import type { Pool } from 'pg';
import { startStandalone, type Answer, type Standalone } from '../../../../test/support/start-standalone.js';
import { STOCK } from './stock-name.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const OUTPUT = '09506000134369';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const SHOP = 'https://id.gs1.org/417/9506000300034';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });

describe('a command right after the receipt that it depends on', () => {
  let lotline: Standalone;
  let count = 0;
  beforeAll(async () => {
    lotline = await startStandalone();
  });
  afterAll(() => lotline.stop());

  const post = (path: string, body: unknown = {}) => lotline.api('POST', path, { body });
  const newLot = (): string => `${ITEM}/10/R-${++count}`;
  const receive = async (lot: string, amount: string): Promise<void> => {
    expect((await post('/inventory/receipts', { lot, amount: kg(amount), place: PLANT })).status).toBe(201);
  };
  const send = async (lot: string, amount: string): Promise<Answer> => {
    const planned = await post('/shipping/shipments', {
      from: PLANT,
      consignee: SHOP,
      lines: [{ lot, amount: kg(amount) }],
    });
    expect(planned.status).toBe(201);
    return post(`/shipping/shipments/${planned.body.shipment}/dispatch`);
  };
  const outcome = ({ status, body }: Answer) => [status, (body.problems ?? []).map((p: { code: string }) => p.code)];

  /** Known stock does not move meanwhile. */
  const whileStockStands = async <T>(act: (goOn: () => Promise<void>) => Promise<T>): Promise<T> => {
    const schema = await lotline.running.app.get<Projections>(PROJECTIONS).schemaOf(STOCK);
    const client = await lotline.running.app.get<Pool>(PG_POOL).connect();
    let isHeld = true;
    const goOn = async (): Promise<void> => {
      if (isHeld) await client.query('ROLLBACK');
      isHeld = false;
    };
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM projections.checkpoints WHERE consumer = $1 FOR UPDATE', [schema]);
      return await act(goOn);
    } finally {
      await goOn();
      client.release();
    }
  };

  it('is decided on that receipt: a dispatch of a new lot, and of what came to a known one', async () => {
    for (let round = 0; round < 6; round++) {
      const lot = newLot();
      await receive(lot, '5');
      expect(outcome(await send(lot, '4'))).toEqual([200, []]);
      await receive(lot, '5');
      expect(outcome(await send(lot, '6'))).toEqual([200, []]);
    }
  });

  it('is decided on that receipt: a transformation', async () => {
    for (let round = 0; round < 6; round++) {
      const lot = newLot();
      await receive(lot, '5');
      const made = await post('/production/transformations', {
        place: PLANT,
        inputs: [{ lot, amount: kg('5') }],
        outputs: [{ item: OUTPUT, lotCode: `O-${count}`, amount: kg('5') }],
      });
      expect(outcome(made)).toEqual([201, []]);
    }
  });

  it('waits for known stock that is late', async () => {
    const lot = newLot();
    const sent = await whileStockStands(async (goOn) => {
      await receive(lot, '5');
      const answer = send(lot, '4');
      // The dispatch is under way: it has asked for the stock and is not answered.
      await lotline.until('the shipment is planned', async () => {
        const { body } = await lotline.api('GET', `/shipping/shipments?lot=${encodeURIComponent(lot)}`);
        return body.items.length === 1;
      });
      await goOn();
      return answer;
    });
    expect(outcome(sent)).toEqual([200, []]);
  });

  it('is told to come again, and not refused, where known stock stays late', async () => {
    const lot = newLot();
    const late = await whileStockStands(async () => {
      await receive(lot, '5');
      return send(lot, '4');
    });
    expect([late.status, late.headers['retry-after']]).toEqual([503, '1']);
    const { body } = await lotline.api('GET', `/shipping/shipments?lot=${encodeURIComponent(lot)}`);
    const again = await post(`/shipping/shipments/${body.items[0].shipment}/dispatch`);
    expect(outcome(again)).toEqual([200, []]);
  });
});
