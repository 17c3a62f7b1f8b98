import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureSeafood, events as seafoodEvents, ids } from './support/seafood.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

/** Every figure of the real file, asked over HTTP as any user would. */
describe('the seafood chain', () => {
  let lotline: Standalone;
  let position: string;

  const get = async (path: string, query: Record<string, string> = {}): Promise<any> => {
    const answer = await lotline.api(
      'GET',
      `${path}?${new URLSearchParams({ minPosition: position, ...query }).toString()}`,
    );
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body;
  };
  const trace = (lot: string, direction: string, more: Record<string, string> = {}) =>
    get('/genealogy/trace', { lot, direction, ...more });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    lotline.api('POST', path, { body, headers });

  beforeAll(async () => {
    lotline = await startStandalone();
    position = await captureSeafood(lotline);
  });
  afterAll(() => lotline.stop());

  const depths = (lots: { id: string; depth: number }[]) => Object.fromEntries(lots.map((l) => [l.id, l.depth]));
  const kgm = (value: string) => ({ value, unit: 'KGM' });

  it('traces forward from the feed lot', async () => {
    const { lot, forward, complete, cut } = await trace(ids.feed, 'forward');
    expect(forward.totals).toEqual({
      lots: 4,
      onHand: [kgm('17124')],
      consigned: [kgm('17000')],
      inferred: [kgm('20000')],
      scrapped: [],
    });
    expect(lot).toMatchObject({ id: ids.feed, depth: 0, kind: 'lot', made: [kgm('10000')] });
    expect([complete, cut]).toEqual([true, null]);
    expect(depths(forward.lots)).toEqual({ [ids.farmed]: 1, [ids.commingle]: 2, [ids.cans]: 3 });
    expect(forward.shipments).toHaveLength(2);
    expect(forward.shipments).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          consignee: ids.processor,
          departureRecorded: true,
          lots: [expect.objectContaining({ lot: ids.farmed, amount: kgm('12000') })],
        }),
        expect.objectContaining({
          consignee: ids.importer,
          departureRecorded: true,
          lots: [expect.objectContaining({ lot: ids.cans, amount: kgm('5000'), unit: ids.sscc })],
        }),
      ]),
    );
  });

  it('says how much of the feed is in each lot', async () => {
    const { forward } = await trace(ids.feed, 'forward');
    const exposure = (id: string) => forward.lots.find((l: any) => l.id === id).exposure;
    expect(exposure(ids.farmed).share).toBeCloseTo(10 / 11, 12);
    expect(exposure(ids.commingle).share).toBeCloseTo(60 / 121, 12);
    expect(exposure(ids.cans).share).toBeCloseTo(60 / 121, 12);
    expect(exposure(ids.cans).worstCase).toEqual(kgm('5000'));
    expect(Number(exposure(ids.cans).proportional.value).toFixed(2)).toBe('2479.34');
    expect(exposure(ids.cans).proportional.unit).toBe('KGM');
  });

  it('traces forward from the fisherman lot, whose departure nobody recorded', async () => {
    const { forward } = await trace(ids.fisherman, 'forward');
    expect(depths(forward.lots)).toEqual({ [ids.commingle]: 1, [ids.cans]: 2 });
    for (const { exposure } of forward.lots) expect(exposure.share).toBeCloseTo(5 / 11, 12);
    const arrived = forward.shipments.filter((s: any) => !s.departureRecorded);
    expect(arrived).toEqual([
      expect.objectContaining({
        from: ids.fishermanParty,
        consignee: ids.processor,
        lots: [expect.objectContaining({ lot: ids.fisherman, amount: kgm('9876') })],
      }),
    ]);
  });

  it('traces back from the cans and from their SSCC, with all 17 events', async () => {
    const all = seafoodEvents.map((e) => e.eventID).sort();
    const cans = await trace(ids.cans, 'back', { include: 'events' });
    const ancestors = { [ids.commingle]: 1, [ids.farmed]: 2, [ids.fisherman]: 2, [ids.feed]: 3, [ids.hatchery]: 3 };
    expect(depths(cans.back.lots)).toEqual(ancestors);
    expect([...cans.events].sort()).toEqual(all);

    const unit = await trace(ids.sscc, 'back', { include: 'events' });
    expect(unit.lot).toMatchObject({ id: ids.sscc, kind: 'unit' });
    expect(depths(unit.back.lots)).toEqual({ [ids.cans]: 0, ...ancestors });
    expect([...unit.events].sort()).toEqual(all);
  });

  it('knows what is on hand at the end', async () => {
    const { items } = await get('/inventory/stock');
    const onHand = items.map(({ lot, place, amount }: any) => ({ lot, place, amount }));
    expect(onHand).toHaveLength(2);
    expect(onHand).toEqual(
      expect.arrayContaining([
        { lot: ids.commingle, place: ids.plant, amount: kgm('12124') },
        { lot: ids.cans, place: ids.warehouse, amount: kgm('5000') },
      ]),
    );
    for (const id of [ids.feed, ids.hatchery, ids.farmed, ids.fisherman]) {
      const { lot } = await trace(id, 'forward');
      expect(lot.onHand).toEqual([]);
    }
  });

  it('lists these 8 discrepancies and no others', async () => {
    const { items } = await get('/genealogy/discrepancies', { status: 'open' });
    const dates = items.filter((d: any) => d.kind === 'dates-contradict').map((d: any) => d.explanation);
    expect(dates.sort()).toEqual([
      `Produced on 2022-01-22 as stated, but made of ${ids.commingle}, which was produced on 2022-01-23.`,
      'Produced on 2022-02-03 as stated, but made on 2021-02-03 and used on 2022-01-19.',
    ]);
    const told = items.map((d: any) => [d.kind, d.lot ?? null, d.amount?.value ?? null]).sort();
    expect(told).toEqual(
      [
        ['over-used', ids.fisherman, '124'],
        ['more-out-than-in', expect.anything(), '1000'],
        ['movement-not-recorded', ids.feed, '10000'],
        ['movement-not-recorded', ids.hatchery, '1000'],
        ['movement-not-recorded', ids.cans, '5000'],
        ['movement-not-recorded', ids.cans, '5000'],
        ['dates-contradict', ids.feed, null],
        ['dates-contradict', ids.cans, null],
      ].sort(),
    );
  });

  it('knows what expires', async () => {
    const { items } = await get('/expiry/lots', { before: '2030-01-01' });
    const expiring = Object.fromEntries(items.map((l: any) => [l.lot, l.expiry]));
    expect(expiring).toEqual({ [ids.feed]: '2022-02-03', [ids.cans]: '2023-01-22' });
  });

  it('recalls the feed lot, stops its stock, refuses its dispatch and takes in late facts', async () => {
    const opened = await post('/recalls/cases', { reason: 'salmonella in feed', suspects: [{ lot: ids.feed }] });
    expect(opened.status).toBe(201);
    const path = `/recalls/cases/${opened.body.case}`;
    const live = () => lotline.api('GET', path).then((a) => a.body);
    const until = (what: string, test: (c: any) => boolean) => lotline.until(what, async () => test(await live()));
    await until('stock in scope held', (c) => c.stock.length === 2 && c.stock.every((s: any) => s.held));

    const found = await live();
    expect(found.scope.map((l: any) => l.lot).sort()).toEqual([ids.feed, ids.farmed, ids.commingle, ids.cans].sort());
    expect(found.stock).toHaveLength(2);
    expect(found.stock).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ lot: ids.commingle, place: ids.plant, amount: kgm('12124'), held: true }),
        expect.objectContaining({ lot: ids.cans, place: ids.warehouse, amount: kgm('5000'), held: true }),
      ]),
    );
    const consignees = found.consignees.flatMap((c: any) =>
      c.lots.map((l: any) => [c.party, c.inferred === true, l.lot, l.amount.value]),
    );
    expect(consignees.sort()).toEqual(
      [
        [ids.processor, false, ids.farmed, '12000'],
        [ids.importer, false, ids.cans, '5000'],
        [ids.fishfarm, true, ids.feed, '10000'],
        [ids.processor, true, ids.cans, '5000'],
        [ids.importer, true, ids.cans, '5000'],
      ].sort(),
    );

    const shipment = await post('/shipping/shipments', {
      from: ids.warehouse,
      consignee: 'urn:gdst:example.org:party:retailer.1u',
      lines: [{ lot: ids.cans, amount: kgm('1000') }],
    });
    expect(shipment.status).toBe(201);
    const dispatch = () => post(`/shipping/shipments/${shipment.body.shipment}/dispatch`, {});
    const refusedOpen = await dispatch();
    expect(refusedOpen.status).toBe(422);
    const codes = (answer: { body: any }) => new Set(answer.body.problems.map((p: any) => p.code));
    expect(codes(refusedOpen)).toEqual(new Set(['lot-recalled', 'lot-expired']));

    // It left all the same, after the hold: a fact is not refused.
    const late = (eventID: string, eventTime: string, quantity: number) =>
      post('/epcis/events', {
        '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
        type: 'ObjectEvent',
        eventID,
        eventTime,
        eventTimeZoneOffset: '+00:00',
        action: 'OBSERVE',
        bizStep: 'shipping',
        bizLocation: { id: ids.warehouse },
        quantityList: [{ epcClass: ids.cans, quantity, uom: 'KGM' }],
        destinationList: [{ type: 'owning_party', destination: 'urn:gdst:example.org:party:retailer.1u' }],
      });
    const heldSince = new Date().toISOString();
    expect((await late('urn:uuid:6a0f3c58-7c0b-4a53-8a0e-0b6e4f5c0001', heldSince, 700)).status).toBe(201);
    const retailer = (c: any, amount: string) =>
      c.consignees.some(
        (x: any) =>
          x.party === 'urn:gdst:example.org:party:retailer.1u' && x.lots.some((l: any) => l.amount.value === amount),
      );
    await until('the late shipment after the hold joined', (c) => retailer(c, '700'));
    const heldDiscrepancies = async () =>
      (await lotline.api('GET', `/genealogy/discrepancies?status=open&kind=shipped-while-held`)).body;
    await lotline.until('shipped-while-held', async () => (await heldDiscrepancies()).items.length === 1);

    expect((await late('urn:uuid:6a0f3c58-7c0b-4a53-8a0e-0b6e4f5c0002', '2022-03-05T08:00:00Z', 300)).status).toBe(201);
    await until('the late shipment before the hold widened it', (c) =>
      ['1000', '300'].some((amount) => retailer(c, amount)),
    );
    expect((await heldDiscrepancies()).items).toHaveLength(1);

    expect((await post(`${path}/close`, { reason: 'all accounted for' })).status).toBeLessThan(300);
    await lotline.until('holds lifted', async () => !codes(await dispatch()).has('lot-recalled'));
    expect(codes(await dispatch())).toEqual(new Set(['lot-expired']));
  });
});
