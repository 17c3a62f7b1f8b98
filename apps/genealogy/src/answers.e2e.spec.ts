import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kg, reporterOf, said, type Reporter } from '../../../test/support/reporter.js';
import { startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const OTHER = 'https://id.gs1.org/01/09506000134376';
const PLANT = 'urn:test:place:plant';
const DEPOT = 'urn:test:place:depot';
const CUSTOMER = 'urn:test:party:customer';
const MILK = `${ITEM}/10/Ab-1`;
const CHEESE = `${OTHER}/10/C1`;
const PALLET = 'urn:test:unit:pallet';

const at = (day: number): string => `2026-03-0${day}T10:00:00+02:00`;

/** Members of an answer that hold a time without offset, by their path. */
const timesWithoutOffset = (value: unknown, path = ''): string[] => {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]*$/.test(value) ? [`${path} ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => timesWithoutOffset(member, `${path}/${name}`));
};

describe('what genealogy answers', () => {
  let lotline: Standalone;
  let reporter: Reporter;
  const scope = async (lot: string): Promise<any> =>
    (await lotline.api('POST', '/genealogy/scope', { body: { suspects: [{ lot }] } })).body;
  const view = (lot: string): Promise<any> => reporter.get(`/genealogy/lots/${encodeURIComponent(lot)}`);

  beforeAll(async () => {
    lotline = await startStandalone();
    reporter = reporterOf(lotline);
    await reporter.tell(
      said('GoodsReceived', at(1), {
        place: PLANT,
        goods: [{ lot: MILK, quantity: kg('100') }],
      }),
      said('ProductionRecorded', at(2), {
        ...{ place: DEPOT, inputs: [{ lot: MILK, quantity: kg('120') }] },
        outputs: [{ lot: CHEESE, quantity: kg('130') }],
      }),
      said('UnitPacked', at(3), { unit: PALLET, place: DEPOT, goods: [{ lot: CHEESE, quantity: kg('50') }] }),
      said('GoodsShipped', at(4), { from: DEPOT, consignee: CUSTOMER, units: [PALLET] }),
      said('UnitUnpacked', at(5), { unit: PALLET, place: DEPOT }),
    );
    // Later reads see all of it in every read model.
    await view(CHEESE);
  });
  afterAll(() => lotline.stop());

  it('tells every time with its offset', async () => {
    const list = await reporter.get('/genealogy/discrepancies');
    const trace = await reporter.get('/genealogy/trace', { lot: MILK });
    const answers = [list, trace, await scope(MILK), await view(MILK), await view(CHEESE)];
    expect(answers.flatMap((answer, n) => timesWithoutOffset(answer, String(n)))).toEqual([]);
    const times = [...list.items, ...trace.discrepancies].map((d: any) => d.time);
    expect(times.length).toBeGreaterThan(2);
    expect(new Set(times)).toContain('2026-03-02T08:00:00Z');
    expect(trace.forward.units).toEqual([
      expect.objectContaining({
        id: PALLET,
        held: [{ lot: CHEESE, from: '2026-03-03T08:00:00Z', to: '2026-03-05T08:00:00Z' }],
      }),
    ]);
  });

  it('goes on after a page of discrepancies where it ended', async () => {
    const { items } = await reporter.get('/genealogy/discrepancies');
    const paged: any[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await reporter.get('/genealogy/discrepancies', { limit: '1', ...(cursor && { cursor }) });
      paged.push(...page.items);
      cursor = page.next;
      if (cursor === undefined) break;
    }
    expect(paged).toEqual(items);
  });

  it('lists the discrepancies of one item', async () => {
    const lots = async (query: Record<string, string>): Promise<string[]> => [
      ...new Set<string>((await reporter.get('/genealogy/discrepancies', query)).items.map((d: any) => d.lot)),
    ];
    expect((await lots({})).sort()).toEqual([MILK, CHEESE]);
    expect(await lots({ item: ITEM })).toEqual([MILK]);
    expect(await lots({ item: OTHER })).toEqual([CHEESE]);
    expect(await lots({ item: 'urn:test:item:none' })).toEqual([]);
    expect(await lots({ item: ITEM, lot: 'Ab-1' })).toEqual([MILK]);
  });

  it('lists by item what time and the stock books tell, too', async () => {
    const gtin = '09521321000032';
    const item = `https://id.gs1.org/01/${gtin}`;
    const receipt = await lotline.api('POST', '/inventory/receipts', {
      body: { item: gtin, lotCode: 'promised', amount: kg('10'), place: PLANT },
    });
    const { lot } = receipt.body;
    const allocation = { allocation: 'A-1', for: 'order:1', lines: [{ lot, place: PLANT, amount: kg('8') }] };
    const allocated = await lotline.api('POST', '/inventory/allocations', { body: allocation });
    expect([receipt.status, allocated.status]).toEqual([201, 201]);
    const late = `${item}/10/late`;
    const shipped = { from: PLANT, to: DEPOT, due: at(5), goods: [{ lot: late, quantity: kg('10') }] };
    await reporter.tell(
      said('LotScrapped', new Date().toISOString(), { place: PLANT, goods: [{ lot, quantity: kg('5') }] }),
      said('GoodsReceived', at(3), { place: PLANT, goods: [{ lot: late, quantity: kg('10') }] }),
      said('GoodsShipped', at(4), shipped),
    );
    const found = await reporter.get('/genealogy/discrepancies', { item: gtin });
    expect(found.items.map((d: any) => [d.kind, d.lot])).toEqual([
      ['not-received', late],
      ['commitment-broken', lot],
    ]);
    expect(timesWithoutOffset(found)).toEqual([]);
    const kinds = (await reporter.get('/genealogy/discrepancies', { item: OTHER })).items.map((d: any) => d.kind);
    expect(kinds).not.toContain('commitment-broken');
    expect(kinds).not.toContain('not-received');
  });

  it('tells what was received, and counts it as the whole of a lot', async () => {
    const [found] = (await reporter.get('/genealogy/lots', { lotCode: 'Ab-1' })).items;
    expect(found).toMatchObject({ id: MILK, made: [], received: [kg('100')] });
    expect(await view(MILK)).toMatchObject({ made: [], received: [kg('100')] });
    const exposure = { worstCase: kg('100'), share: 1, proportional: kg('100') };
    const { lot } = await reporter.get('/genealogy/trace', { lot: MILK, direction: 'forward' });
    expect(lot).toMatchObject({ made: [], received: [kg('100')], exposure });
    const { lots } = await scope(MILK);
    expect(lots[0]).toMatchObject({ id: MILK, received: [kg('100')], exposure });
    const back = await reporter.get('/genealogy/trace', { lot: CHEESE, direction: 'back' });
    expect(back.lot).toMatchObject({ made: [kg('130')], received: [] });
    expect(back.lot.exposure).toBeUndefined();
  });

  it('finds a lot by its exact code alone, as its description says', async () => {
    for (const lotCode of ['ab-1', 'Ab', 'Ab-11'])
      expect((await reporter.get('/genealogy/lots', { lotCode })).items).toEqual([]);
    const { body } = await lotline.api('GET', '/docs/openapi.json');
    const described = (path: string, name: string): string =>
      body.paths[path].get.parameters.find((p: any) => p.name === name).description;
    expect(described('/genealogy/lots', 'lotCode')).toMatch(/exact.*case-sensitive/);
    expect(described('/genealogy/lots', 'supplierLot')).toMatch(/exact.*case-sensitive/);
    expect(described('/genealogy/trace', 'lot')).toMatch(/exact.*case-sensitive/);
  });
});
