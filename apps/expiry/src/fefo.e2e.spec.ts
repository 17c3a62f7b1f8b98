import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reporterOf, said } from '../../../test/support/reporter.js';
import { startStandalone, type Answer, type Standalone } from '../../../test/support/start-standalone.js';

const MILK = '09506000134352';
const PLANT = 'https://id.gs1.org/414/9506000100016';
const PARTNER = 'urn:test:place:partner';
const US = 'urn:test:party:us';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const TODAY = '2026-05-10';

describe('first expired, first out', () => {
  let lotline: Standalone;
  let position = '';
  beforeAll(async () => {
    lotline = await startStandalone({
      clock: () => new Date(`${TODAY}T12:00:00Z`),
      env: { LOTLINE_OWN_PARTIES: US },
    });
  });
  afterAll(() => lotline.stop());

  const post = async (path: string, body: unknown = {}): Promise<Answer> => {
    const answer = await lotline.api('POST', path, { body });
    expect([path, answer.status, answer.status < 300 ? '' : answer.body]).toEqual([path, expect.any(Number), '']);
    const at = answer.headers['x-log-position'] ?? '';
    if (at > position) position = at;
    return answer;
  };
  const receive = async (lotCode: string, dates: object, more: object = {}): Promise<string> =>
    (await post('/inventory/receipts', { item: MILK, lotCode, amount: kg('10'), place: PLANT, dates, ...more })).body
      .lot;

  it('numbers only lots that may be taken today', async () => {
    const reporter = reporterOf(lotline);
    await reporter.places([
      { place: PLANT, party: US },
      { place: PARTNER, party: 'urn:test:party:partner' },
    ]);
    const theirs = {
      lot: `https://id.gs1.org/01/${MILK}/10/theirs`,
      quantity: kg('10'),
      dates: { expiry: '2026-05-12' },
    };
    const told = await reporter.tell(
      said('GoodsReceived', '2026-05-01T08:00:00Z', { place: PARTNER, goods: [theirs] }),
    );
    await receive('quarantine', { expiry: '2026-05-12' }, { quarantine: true });
    const released = await receive('released', { expiry: '2026-05-12' }, { quarantine: true });
    await receive('expired', { expiry: '2026-05-09' });
    await receive('today', { expiry: TODAY });
    const held = await receive('held', { expiry: '2026-05-11' });
    const rejected = await receive('rejected', { expiry: '2026-05-12' });
    const recalled = await receive('recalled', { expiry: '2026-05-13' });
    await receive('later', { expiry: '2026-05-14' });
    await receive('best-before', { bestBefore: '2026-05-01' });
    await post(`/inventory/lots/${encodeURIComponent(held)}/holds`, { holdId: 'H-1', reason: 'odour' });
    await post(`/inventory/lots/${encodeURIComponent(rejected)}/reject`, { reason: 'mould' });
    await post(`/inventory/lots/${encodeURIComponent(released)}/release`, { reason: 'tested' });
    await post('/recalls/cases', { reason: 'contamination', suspects: [{ lot: recalled }] });
    const ranks = async (): Promise<[string, string, number | null][]> =>
      (
        await lotline.api('GET', `/expiry/lots?item=${MILK}&minPosition=${position > told ? position : told}`)
      ).body.items.map((l: any) => [l.lotCode, l.status, l.fefo]);
    await lotline.until('the recalled lot is held', async () =>
      (await ranks()).some(([code, status]) => code === 'recalled' && status === 'held'),
    );
    expect(await ranks()).toEqual([
      ['best-before', 'available', 1],
      ['expired', 'available', null],
      ['today', 'available', 2],
      ['held', 'held', null],
      ['quarantine', 'quarantine', null],
      ['rejected', 'rejected', null],
      ['released', 'released', 3],
      ['theirs', 'available', null],
      ['recalled', 'held', null],
      ['later', 'available', 4],
    ]);
  });
});
