import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kg, reporterOf, said, voids, type Reporter, type Said } from './support/reporter.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

const place = (name: string): string => `urn:test:place:${name}`;
const party = (name: string): string => `urn:test:party:${name}`;
const lot = (name: string): string => `urn:test:lot:${name}`;
const unit = (name: string): string => `urn:test:unit:${name}`;
const PLANT = place('plant');
const OTHERS = place('others');
const CUSTOMER = party('customer');

/** A moment of March 2026. */
const at = (day: number, hour = 8): string =>
  `2026-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`;

const goods = (...list: [id: string, kilos: string][]) => list.map(([id, kilos]) => ({ lot: id, quantity: kg(kilos) }));
const received = (time: string, ...list: [id: string, kilos: string][]): Said =>
  said('GoodsReceived', time, { place: PLANT, goods: goods(...list) });
const produced = (
  time: string,
  inputs: [id: string, kilos: string][],
  outputs: [id: string, kilos: string][],
  more: Partial<Said> = {},
): Said =>
  said('ProductionRecorded', time, { place: PLANT, inputs: goods(...inputs), outputs: goods(...outputs) }, more);
const shipped = (time: string, data: object, more: Partial<Said> = {}): Said =>
  said('GoodsShipped', time, { from: PLANT, consignee: CUSTOMER, ...data }, more);
const packed = (time: string, id: string, data: object): Said =>
  said('UnitPacked', time, { unit: id, place: PLANT, ...data });

describe('the record', () => {
  let lotline: Standalone;
  let reporter: Reporter;

  beforeAll(async () => {
    lotline = await startStandalone();
    reporter = reporterOf(lotline);
    await reporter.places([
      { place: PLANT, party: party('us') },
      { place: OTHERS, party: party('others') },
    ]);
  });
  afterAll(() => lotline.stop());

  const trace = (id: string, direction: string, more: Record<string, string> = {}): Promise<any> =>
    reporter.get('/genealogy/trace', { lot: id, direction, ...more });
  const view = (id: string): Promise<any> => reporter.get(`/genealogy/lots/${encodeURIComponent(id)}`);
  const stockOf = async (id: string) =>
    (await view(id)).balances.map((b: any) => [b.place, `${b.amount.value} ${b.amount.unit}`, b.unit ?? null]);
  const depths = (lots: { id: string; depth: number }[]) => Object.fromEntries(lots.map((l) => [l.id, l.depth]));
  const carried = (side: any) =>
    side.shipments.flatMap((s: any) =>
      s.lots.map((l: any) => [s.consignee, l.lot, l.amount && `${l.amount.value} ${l.amount.unit}`, l.unit ?? null]),
    );

  describe('corrected', () => {
    const made = (id: string, eventID: string) => ({
      ...{ type: 'ObjectEvent', action: 'ADD', eventID, eventTime: at(1), bizStep: 'commissioning' },
      ...{ bizLocation: { id: PLANT }, quantityList: [{ epcClass: id, quantity: 10, uom: 'KGM' }] },
    });
    const left = (id: string, eventID: string) => ({
      ...{ type: 'ObjectEvent', action: 'OBSERVE', eventID, eventTime: at(2), bizStep: 'shipping' },
      ...{ bizLocation: { id: PLANT }, quantityList: [{ epcClass: id, quantity: 4, uom: 'KGM' }] },
      destinationList: [{ type: 'owning_party', destination: CUSTOMER }],
    });
    const inError = (event: object) => ({
      ...event,
      errorDeclaration: {
        declarationTime: at(3),
        reason: 'did_not_occur',
        correctiveEventIDs: ['urn:test:event:corrective'],
      },
    });

    it('by an error declaration, after its original or before it, and gives both back verbatim', async () => {
      for (const [name, declaredFirst] of [
        ['declared-after', false],
        ['declared-before', true],
      ] as const) {
        const id = lot(name);
        const departure = left(id, `urn:test:event:${name}`);
        await reporter.event(made(id, `urn:test:event:${name}:made`));
        if (declaredFirst) await reporter.event(inError(departure));
        else {
          await reporter.event(departure);
          expect([name, await stockOf(id)]).toEqual([name, [[PLANT, '6 KGM', null]]]);
        }
        await reporter.event(declaredFirst ? departure : inError(departure));
        expect([name, await stockOf(id)]).toEqual([name, [[PLANT, '10 KGM', null]]]);
        const { forward } = await trace(id, 'forward', { include: 'events' });
        expect([name, forward.shipments]).toEqual([name, []]);
        const original = await lotline.api('GET', `/epcis/events/${encodeURIComponent(departure.eventID)}`);
        expect(original.body).toMatchObject({ eventID: departure.eventID, quantityList: departure.quantityList });
      }
    });

    it('by a native fact, after what it voids or before it', async () => {
      for (const [name, voidedFirst] of [
        ['voided-after', false],
        ['voided-before', true],
      ] as const) {
        const id = lot(name);
        const departure = shipped(at(2), { goods: goods([id, '4']) }, { id: `urn:test:fact:${name}` });
        const correction = voids(`urn:test:fact:${name}`, at(3));
        await reporter.tell(received(at(1), [id, '10']));
        await reporter.tell(voidedFirst ? correction : departure);
        if (!voidedFirst) expect([name, await stockOf(id)]).toEqual([name, [[PLANT, '6 KGM', null]]]);
        await reporter.tell(voidedFirst ? departure : correction);
        expect([name, await stockOf(id)]).toEqual([name, [[PLANT, '10 KGM', null]]]);
      }
    });

    it('by identifying two ids as one lot, which all reads follow until they are separated', async () => {
      const [ours, theirs, product] = [lot('ours'), lot('theirs'), lot('aliased:product')];
      await reporter.tell(received(at(1), [ours, '10']), produced(at(2), [[theirs, '10']], [[product, '10']]));
      expect((await trace(ours, 'forward')).forward.lots).toEqual([]);
      const apart = await view(theirs);
      expect(apart.discrepancies.map((d: any) => d.kind)).toEqual(['over-used']);

      await reporter.tell(said('LotsIdentified', at(3), { lots: [ours, theirs] }));
      const known = [await trace(ours, 'forward'), await trace(theirs, 'forward')];
      expect(known.map((t) => depths(t.forward.lots))).toEqual([{ [product]: 1 }, { [product]: 1 }]);
      expect(known[0]).toEqual(known[1]);
      expect(depths((await trace(product, 'back')).back.lots)).toEqual({ [known[0].lot.id]: 1 });
      expect((await view(theirs)).discrepancies).toEqual([]);
      expect([(await view(ours)).aliases, known[0].lot.id].flat().sort()).toEqual([ours, theirs].sort());

      await reporter.tell(said('LotsSeparated', at(4), { lots: [ours, theirs] }));
      expect((await trace(ours, 'forward')).forward.lots).toEqual([]);
      expect((await view(theirs)).discrepancies).toEqual(apart.discrepancies);
      expect(await stockOf(ours)).toEqual([[PLANT, '10 KGM', null]]);
    });
  });

  it('as of a position or a record time is what was answered then, corrections included', async () => {
    const [milk, yoghurt, cup] = [lot('asof:milk'), lot('asof:yoghurt'), lot('asof:cup')];
    const first = await reporter.tell(
      received(at(1), [milk, '100']),
      produced(at(2), [[milk, '80']], [[yoghurt, '80']], { id: 'urn:test:fact:asof' }),
    );
    await reporter.event({
      ...{ type: 'ObjectEvent', action: 'OBSERVE', eventID: 'urn:test:event:asof', eventTime: at(3, 6) },
      ...{ bizStep: 'inspecting', bizLocation: { id: PLANT } },
      quantityList: [{ epcClass: yoghurt, quantity: 80, uom: 'KGM' }],
    });
    const then = await trace(milk, 'both', { include: 'events' });
    expect(then.position > first).toBe(true);
    const { recordTime } = (await lotline.api('GET', '/epcis/events/urn%3Atest%3Aevent%3Aasof')).body;

    await reporter.tell(produced(at(4), [[yoghurt, '80']], [[cup, '80']]));
    const later = await trace(milk, 'both', { include: 'events' });
    expect(depths(later.forward.lots)).toEqual({ [yoghurt]: 1, [cup]: 2 });
    await reporter.tell(voids('urn:test:fact:asof', at(5)), produced(at(2), [[milk, '70']], [[yoghurt, '70']]));
    const now = await trace(milk, 'both', { include: 'events' });
    expect(now.forward.transformations[0].inputs[0].amount).toEqual(kg('70'));

    for (const [answer, position] of [
      [then, then.position],
      [later, later.position],
    ])
      expect(await trace(milk, 'both', { include: 'events', asOfPosition: position })).toEqual(answer);
    expect(await trace(milk, 'both', { include: 'events', asOf: recordTime })).toEqual(then);
    const { forward } = await trace(milk, 'forward', { eventTimeTo: at(3) });
    expect(depths(forward.lots)).toEqual({ [yoghurt]: 1 });
    expect(forward.stock).toEqual([
      { lot: milk, place: PLANT, amount: kg('30') },
      { lot: yoghurt, place: PLANT, amount: kg('70') },
    ]);
    expect((await trace(milk, 'forward', { eventTimeTo: at(1, 9) })).forward.lots).toEqual([]);
    // Both clocks together: what was known then of what had happened by then.
    const both = await trace(milk, 'forward', { eventTimeTo: at(3), asOfPosition: then.position });
    expect(both.forward.transformations[0].inputs[0].amount).toEqual(kg('80'));
  });

  describe('transformations', () => {
    const transformed = (transformationID: string, where: string, hour: number, lists: object) => ({
      ...{ type: 'TransformationEvent', eventTime: at(2, hour), transformationID, bizLocation: { id: where } },
      ...lists,
    });
    const quantities = (...list: [id: string, kilos: number][]) =>
      list.map(([epcClass, quantity]) => ({ epcClass, quantity, uom: 'KGM' }));

    it('are the union of the events that share an id, in any order of arrival', async () => {
      const [suspect, clean, mix] = [lot('union:suspect'), lot('union:clean'), lot('union:mix')];
      const shared = 'urn:test:transformation:union';
      await reporter.tell(received(at(1), [suspect, '60'], [clean, '40']));
      await reporter.event(transformed(shared, PLANT, 12, { outputQuantityList: quantities([mix, 100]) }));
      await reporter.event(transformed(shared, PLANT, 10, { inputQuantityList: quantities([suspect, 60]) }));
      await reporter.event(transformed(shared, PLANT, 11, { inputQuantityList: quantities([clean, 40]) }));
      const { forward, discrepancies } = await trace(suspect, 'forward');
      expect(forward.transformations).toHaveLength(1);
      expect(forward.transformations[0]).toMatchObject({
        inputs: [
          { lot: suspect, amount: kg('60') },
          { lot: clean, amount: kg('40') },
        ],
        outputs: [{ lot: mix, amount: kg('100') }],
      });
      expect(forward.transformations[0].events).toHaveLength(3);
      expect(forward.lots).toMatchObject([
        { id: mix, depth: 1, exposure: { share: 0.6, worstCase: kg('100'), proportional: kg('60') } },
      ]);
      expect(discrepancies).toEqual([]);
    });

    it('with an id that is no URI are one for one party, and two for two parties', async () => {
      const [a, b, x, y] = ['a', 'b', 'x', 'y'].map((n) => lot(`scoped:${n}`)) as [string, string, string, string];
      await reporter.event(transformed('batch-7', PLANT, 9, { inputQuantityList: quantities([a, 5]) }));
      await reporter.event(transformed('batch-7', PLANT, 10, { outputQuantityList: quantities([x, 5]) }));
      await reporter.event(transformed('batch-7', OTHERS, 9, { inputQuantityList: quantities([b, 5]) }));
      await reporter.event(transformed('batch-7', OTHERS, 10, { outputQuantityList: quantities([y, 5]) }));
      expect(depths((await trace(a, 'forward')).forward.lots)).toEqual({ [x]: 1 });
      expect(depths((await trace(y, 'back')).back.lots)).toEqual({ [b]: 1 });
    });
  });

  it('follows serials to their lot and back at no depth, and counts a piece once', async () => {
    const cups = 'https://id.gs1.org/01/09521321000056/10/CUPS';
    const serial = (n: number) => `https://id.gs1.org/01/09521321000056/10/CUPS/21/${n}`;
    const milk = lot('serials:milk');
    await reporter.tell(
      received(at(1), [milk, '3']),
      said('ProductionRecorded', at(2), {
        ...{ place: PLANT, inputs: goods([milk, '3']), outputs: [{ lot: cups, quantity: { value: '3' } }] },
      }),
    );
    await reporter.event({
      ...{ type: 'ObjectEvent', action: 'OBSERVE', eventTime: at(3), bizStep: 'shipping', bizLocation: { id: PLANT } },
      epcList: [serial(1), 'urn:epc:id:sgtin:9521321.000005.2'],
      ilmd: undefined,
      destinationList: [{ type: 'owning_party', destination: CUSTOMER }],
    });
    const { forward } = await trace(milk, 'forward');
    expect(depths(forward.lots)).toMatchObject({ [cups]: 1, 'https://id.gs1.org/01/09521321000056/21/1': 1 });
    const back = await trace(serial(1), 'back');
    expect(depths(back.back.lots)).toMatchObject({ [cups]: 0, [milk]: 1 });
    // One of three pieces has left; the unnamed lot of the second serial leaves this lot alone.
    expect(await stockOf(cups)).toEqual([[PLANT, '2 EA', null]]);
    expect((await view(cups)).made).toEqual([{ value: '3', unit: 'EA' }]);
  });

  describe('of units', () => {
    it('follows nested units: what a pallet took away is what its cases held', async () => {
      const [fish, hall, pallet] = [lot('nested'), unit('nested:case'), unit('nested:pallet')];
      await reporter.tell(
        received(at(1), [fish, '10']),
        packed(at(2), hall, { goods: goods([fish, '6']) }),
        packed(at(3), pallet, { units: [hall] }),
        shipped(at(4), { units: [pallet] }),
      );
      const { forward } = await trace(fish, 'forward');
      expect(carried(forward)).toEqual([[CUSTOMER, fish, '6 KGM', hall]]);
      expect(forward.units.map((u: any) => u.id).sort()).toEqual([hall, pallet].sort());
      expect(await stockOf(fish)).toEqual([[PLANT, '4 KGM', null]]);
      expect(depths((await trace(pallet, 'back')).back.lots)).toEqual({ [fish]: 0 });
    });

    it('knows a reused tote for the time it held something, and enters no other contents', async () => {
      const [first, second, tote] = [lot('tote:first'), lot('tote:second'), unit('tote')];
      await reporter.tell(
        received(at(1), [first, '5'], [second, '7']),
        packed(at(2), tote, { goods: goods([first, '5']) }),
        said('UnitUnpacked', at(3), { unit: tote, place: PLANT }),
        packed(at(4), tote, { goods: goods([second, '7']) }),
        shipped(at(5), { units: [tote] }),
      );
      const one = await trace(first, 'forward', { include: 'events' });
      expect([one.forward.lots, carried(one.forward)]).toEqual([[], []]);
      expect(one.forward.units).toMatchObject([{ id: tote, held: [{ lot: first }] }]);
      expect(one.events).toHaveLength(3);
      const two = await trace(second, 'forward');
      expect(carried(two.forward)).toEqual([[CUSTOMER, second, '7 KGM', tote]]);
    });
  });

  it('stops at a pool and says so', async () => {
    const [raw, cooked] = [lot('pool:raw'), lot('pool:cooked')];
    const salt = 'https://id.gs1.org/01/09521321000063';
    await reporter.tell(
      received(at(1), [raw, '10']),
      said('ProductionRecorded', at(2), {
        place: PLANT,
        inputs: [...goods([raw, '10']), { lot: 'urn:epc:idpat:sgtin:9521321.000006.*', quantity: kg('1') }],
        outputs: goods([cooked, '11']),
      }),
    );
    const { complete, cut, back, discrepancies } = await trace(cooked, 'back');
    expect([complete, cut]).toEqual([false, { reason: 'lot-not-stated', at: [salt] }]);
    expect(back.pools).toMatchObject([{ item: salt, place: PLANT, depth: 1, reason: 'lot-not-stated' }]);
    expect(discrepancies.map((d: any) => [d.kind, d.lot])).toEqual([['lot-not-stated', salt]]);
    const forward = await trace(raw, 'forward');
    expect([forward.complete, forward.forward.pools]).toEqual([true, []]);
  });

  it('knows an object by EPC URN, Digital Link of any host, and bare keys', async () => {
    const canonical = 'https://id.gs1.org/01/09521321000070/10/AB-1';
    await reporter.event({
      ...{ type: 'ObjectEvent', action: 'ADD', eventTime: at(1), bizStep: 'commissioning' },
      bizLocation: { id: 'urn:epc:id:sgln:9521321.00001.0' },
      quantityList: [{ epcClass: 'urn:epc:class:lgtin:9521321.000007.AB-1', quantity: 9, uom: 'KGM' }],
    });
    await reporter.event({
      ...{ type: 'AggregationEvent', action: 'ADD', eventTime: at(2), bizStep: 'packing' },
      bizLocation: { id: 'https://id.gs1.org/414/9521321000018' },
      parentID: 'https://example.com/some/path/00/095213210000000018',
      childQuantityList: [{ epcClass: 'https://example.org/01/9521321000070/10/AB-1', quantity: 9, uom: 'KGM' }],
    });
    const answers = await Promise.all(
      [
        { lot: canonical },
        { lot: 'urn:epc:class:lgtin:9521321.000007.AB-1' },
        { lot: 'https://shop.example/01/09521321000070/10/AB-1?x=1' },
        { lot: 'AB-1', item: '09521321000070' },
      ].map((query) => reporter.get('/genealogy/trace', query)),
    );
    expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
    expect(answers[0].lot).toMatchObject({
      ...{ id: canonical, item: 'https://id.gs1.org/01/09521321000070', lotCode: 'AB-1' },
      onHand: [{ place: 'https://id.gs1.org/414/9521321000018', amount: kg('9') }],
    });
    expect(answers[0].discrepancies).toEqual([]);
    for (const sscc of [
      '095213210000000018',
      'urn:epc:id:sscc:9521321.0000000001',
      'https://id.gs1.org/00/095213210000000018',
    ])
      expect(depths((await trace(sscc, 'back')).back.lots)).toEqual({ [canonical]: 0 });
  });

  it('walks as far as it is asked to, and says where it stopped', async () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((n) => lot(`chain:${n}`)) as [string, string, string, string];
    await reporter.tell(
      received(at(1), [a, '1']),
      produced(at(2), [[a, '1']], [[b, '1']]),
      produced(at(3), [[b, '1']], [[c, '1']]),
      produced(at(4), [[c, '1']], [[d, '1']]),
    );
    const one = await trace(a, 'forward', { depth: '1' });
    expect([depths(one.forward.lots), one.complete, one.cut]).toEqual([
      { [b]: 1 },
      false,
      { reason: 'depth', at: [b] },
    ]);
    const all = await trace(a, 'forward', { depth: '3' });
    expect([depths(all.forward.lots), all.complete, all.cut]).toEqual([{ [b]: 1, [c]: 2, [d]: 3 }, true, null]);
    const few = await trace(a, 'forward', { limit: '2' });
    expect([few.complete, few.cut.reason, few.forward.lots.length <= 2]).toEqual([false, 'limit', true]);
    expect((await trace(a, 'forward', { limit: '0' }).catch(String)).toString()).toMatch(/400/);
  });

  it('makes descendants of a held lot suspect with the path that explains it, until that hold is lifted', async () => {
    const [milk, cream, cake, sugar] = ['milk', 'cream', 'cake', 'sugar'].map((n) => lot(`held:${n}`)) as [
      string,
      string,
      string,
      string,
    ];
    await reporter.tell(
      received(at(1), [milk, '4'], [sugar, '1']),
      produced(at(2), [[milk, '4']], [[cream, '4']], { id: 'urn:test:fact:creaming' }),
      produced(at(3), [[cream, '4']], [[cake, '5']], { id: 'urn:test:fact:baking' }),
      said('ProductionRecorded', at(3), {
        place: PLANT,
        runId: 'R-sugar',
        inputs: goods([sugar, '1']),
        outputs: goods([cake, '1']),
      }),
    );
    const post = async (path: string, body: object): Promise<void> => {
      const answer = await lotline.api('POST', `/inventory/lots/${path}`, { body });
      expect([answer.status, answer.body]).toEqual([
        expect.any(Number),
        expect.not.objectContaining({ code: expect.anything() }),
      ]);
      reporter.seen(answer);
    };
    await post(`${encodeURIComponent(milk)}/holds`, { holdId: 'H-milk', reason: 'antibiotics' });
    await post(`${encodeURIComponent(sugar)}/holds`, { holdId: 'H-sugar', reason: 'metal' });
    const { suspect } = await view(cake);
    expect(suspect).toEqual([
      {
        ...{ lot: milk, holdId: 'H-milk', reason: 'antibiotics', owner: 'quality' },
        path: [
          { lot: milk, transformation: 'urn:test:fact:creaming' },
          { lot: cream, transformation: 'urn:test:fact:baking' },
          { lot: cake },
        ],
      },
      {
        ...{ lot: sugar, holdId: 'H-sugar', reason: 'metal', owner: 'quality' },
        path: [{ lot: sugar, transformation: expect.stringContaining('R-sugar') }, { lot: cake }],
      },
    ]);
    expect((await view(milk)).suspect).toEqual([]);
    await post(`${encodeURIComponent(milk)}/holds/H-milk/lift`, { reason: 'tested' });
    expect((await view(cake)).suspect).toEqual([suspect[1]]);
    expect((await view(cream)).suspect).toEqual([]);
  });

  it('ignores clocks unless it is told to respect them, and then names what that removed', async () => {
    const [suspect, vat, before, after] = ['suspect', 'vat', 'before', 'after'].map((n) => lot(`time:${n}`)) as [
      string,
      string,
      string,
      string,
    ];
    await reporter.tell(
      received(at(1), [vat, '20'], [suspect, '5']),
      produced(at(2), [[vat, '10']], [[before, '10']]),
      produced(at(3), [[suspect, '5']], [[vat, '5']]),
      produced(at(4), [[vat, '10']], [[after, '10']]),
    );
    expect(depths((await trace(suspect, 'forward')).forward.lots)).toEqual({ [vat]: 1, [before]: 2, [after]: 2 });
    const { forward } = await trace(suspect, 'forward', { respectTime: 'true' });
    expect(depths(forward.lots)).toEqual({ [vat]: 1, [after]: 2 });
    expect(forward.removed.lots).toEqual([before]);
  });
});
