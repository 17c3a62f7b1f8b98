import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

const MILK = '09506000134352';
const PLANT = 'https://id.gs1.org/414/9506000100016';

describe('expiry alerts over HTTP', () => {
  let lotline: Standalone;
  let now = new Date('2026-05-01T12:00:00Z');
  beforeAll(async () => {
    lotline = await startStandalone({ clock: () => now, env: { LOTLINE_EXPIRY_LEADS: '7, 0' } });
  });
  afterAll(() => lotline.stop());

  const receive = async (lotCode: string, dates: object): Promise<string> => {
    const amount = { value: '10', unit: 'KGM' };
    const answer = await lotline.api('POST', '/inventory/receipts', {
      body: { item: MILK, lotCode, amount, place: PLANT, dates },
    });
    expect(answer.status).toBe(201);
    return answer.body.lot;
  };
  const alerts = async (query = ''): Promise<any> => {
    const answer = await lotline.api('GET', `/expiry/alerts?${query}`);
    expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
    return answer.body;
  };
  const codes = async (query: string): Promise<string[]> =>
    (await alerts(query)).items.map((alert: any) => `${alert.told.lotCode} ${alert.told.lead}`).sort();

  it('are raised by themselves, listed by day, and say whether they still stand', async () => {
    const first = await receive('first', { expiry: '2026-05-08' });
    await receive('second', { expiry: '2026-05-09', bestBefore: '2026-05-05' });
    await lotline.until('two alerts', async () => (await alerts()).items.length === 2);
    expect((await alerts()).items).toMatchObject([
      {
        open: true,
        raisedAt: expect.any(String),
        told: { lotCode: 'second', date: 'bestBefore', lead: 7, daysLeft: 4 },
      },
      { open: true, told: { lot: first, date: 'expiry', on: '2026-05-08', site: PLANT, complete: true } },
    ]);
    now = new Date('2026-05-08T00:00:00Z');
    await lotline.until('the next day', async () => (await alerts()).items.length === 5);
    expect(await codes('open=true')).toEqual(['first 0', 'second 0', 'second 7']);
    expect(await codes('open=false')).toEqual(['first 7', 'second 7']);
    const changed = await lotline.api('POST', `/inventory/lots/${encodeURIComponent(first)}/dates`, {
      body: { dates: { expiry: '2026-09-01' }, reason: 'retested' },
    });
    expect(changed.status).toBeLessThan(300);
    const seen = `minPosition=${changed.headers['x-log-position']}`;
    expect(await codes(`${seen}&open=true`)).toEqual(['second 0', 'second 7']);
    expect(await codes(`${seen}&date=expiry&item=${MILK}&before=2026-05-08`)).toEqual(['first 0', 'first 7']);
    expect(await codes(`lot=${encodeURIComponent(first)}&site=${encodeURIComponent(PLANT)}`)).toEqual([
      'first 0',
      'first 7',
    ]);
  });

  it('come in pages', async () => {
    const whole = await alerts();
    const pages: unknown[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: any = await alerts(`limit=2&cursor=${cursor}`);
      pages.push(...page.items);
      cursor = page.next;
    }
    expect(pages).toEqual(whole.items);
  });

  it.each(['open=maybe', 'date=production', 'before=soon', 'cursor=none'])('refuse %s', async (query) => {
    expect((await lotline.api('GET', `/expiry/alerts?${query}`)).status).toBe(400);
  });
});
