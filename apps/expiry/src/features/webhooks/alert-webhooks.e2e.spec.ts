import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { startReceiver, type Receiver } from '../../../../../libs/webhooks/src/receiver.fixture.js';
import { startStandalone, type Standalone } from '../../../../../test/support/start-standalone.js';

const [PLANT, DEPOT] = ['https://id.gs1.org/414/9506000100012', 'urn:test:depot'];

describe('webhooks of expiry alerts over HTTP', () => {
  let lotline: Standalone;
  let receiver: Receiver;
  beforeAll(async () => {
    lotline = await startStandalone({
      clock: () => new Date('2026-05-01T12:00:00Z'),
      env: { LOTLINE_SECRETS_KEY: randomBytes(32).toString('base64'), LOTLINE_WEBHOOK_ALLOW_PRIVATE: 'true' },
    });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await lotline.stop();
  });

  it('tell of all sites, or of those that were asked for', async () => {
    const subscribe = async (body: object): Promise<any> => {
      const answer = await lotline.api('POST', '/expiry/webhooks', { body });
      expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
      return answer.body;
    };
    const all = await subscribe({ url: receiver.url('/all') });
    const plant = await subscribe({ url: receiver.url('/plant'), sites: ['urn:epc:id:sgln:9506000.10001.0'] });
    expect([all.sites, plant.sites]).toEqual([undefined, [PLANT]]);
    for (const [lotCode, place] of [
      ['one', PLANT],
      ['two', DEPOT],
    ])
      await lotline.api('POST', '/inventory/receipts', {
        body: {
          ...{ item: '09506000134352', lotCode, place, amount: { value: '10', unit: 'KGM' } },
          dates: { expiry: '2026-05-08' },
        },
      });
    await lotline.until('three messages', () => Promise.resolve(receiver.received.length >= 3));
    const seen = (path: string, { secret }: { secret: string }): string[] =>
      receiver.received
        .filter((message) => message.path === path)
        .map(
          ({ body, headers }) =>
            (new Webhook(secret).verify(body, headers as Record<string, string>) as any).data.lotCode,
        );
    expect([seen('/all', all).sort(), seen('/plant', plant)]).toEqual([['one', 'two'], ['one']]);
  });
});
