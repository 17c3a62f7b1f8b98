import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kg, reporterOf, said, voids, type Reporter, type Said } from './support/reporter.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

const place = (name: string): string => `urn:test:place:${name}`;
const party = (name: string): string => `urn:test:party:${name}`;
const lot = (name: string): string => `urn:test:lot:${name}`;
const unit = (name: string): string => `urn:test:unit:${name}`;
const PLANT = place('plant');
const COLD = place('plant:cold');
const DEPOT = place('depot');
const OTHERS = place('others');
const US = party('us');

/** A moment of March 2026. */
const at = (day: number, hour = 8): string =>
  `2026-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`;

const received = (time: string, id: string, quantity: object, more: object = {}, fact: Partial<Said> = {}): Said =>
  said('GoodsReceived', time, { place: PLANT, goods: [{ lot: id, quantity, ...more }] }, fact);
const used = (time: string, id: string, quantity?: object, more: object = {}, fact: Partial<Said> = {}): Said =>
  said(
    'ProductionRecorded',
    time,
    {
      place: PLANT,
      inputs: [{ lot: id, ...(quantity && { quantity }) }],
      outputs: [{ lot: `${id}:product` }],
      ...more,
    },
    fact,
  );
const shipped = (time: string, id: string, quantity: object, more: object = {}, fact: Partial<Said> = {}): Said =>
  said(
    'GoodsShipped',
    time,
    { from: PLANT, consignee: party('customer'), goods: [{ lot: id, quantity }], ...more },
    fact,
  );

interface Case {
  kind: string;
  /** What contradicts itself. */
  facts: Said[];
  /** What is found then of `lot`: [kind, amount, place]. */
  found: [kind: string, amount: string | null, place: string | null][];
  /** What a person reads. */
  reads: RegExp;
  /** Late facts that explain it. */
  explained: Said[];
  /** Where it is not the lot of the case's own name. */
  of?: string;
}

const fact = (name: string): string => `urn:test:fact:${name}`;

const CASES: Case[] = [
  {
    kind: 'movement-not-recorded',
    facts: [
      received(at(1), lot('movement-not-recorded'), kg('10')),
      used(at(3), lot('movement-not-recorded'), kg('10'), { place: DEPOT }),
    ],
    found: [['movement-not-recorded', '10', DEPOT]],
    reads: /^10 KGM .*urn:test:place:plant.*urn:test:place:depot.*2026-03-03/,
    explained: [
      said('LotMoved', at(2), {
        ...{ from: PLANT, to: DEPOT },
        goods: [{ lot: lot('movement-not-recorded'), quantity: kg('10') }],
      }),
    ],
  },
  {
    kind: 'over-used',
    facts: [received(at(1), lot('over-used'), kg('100')), used(at(2), lot('over-used'), kg('120'))],
    found: [['over-used', '20', PLANT]],
    reads: /^20 KGM more .*urn:test:place:plant.*2026-03-02/,
    explained: [received(at(1, 9), lot('over-used'), kg('20'))],
  },
  {
    kind: 'more-out-than-in',
    facts: [
      received(at(1), lot('more-out:input'), kg('110')),
      said('ProductionRecorded', at(2), {
        ...{ place: PLANT, runId: 'RUN-more-out' },
        inputs: [{ lot: lot('more-out:input'), quantity: kg('100') }],
        outputs: [{ lot: lot('more-out-than-in'), quantity: kg('110') }],
      }),
    ],
    found: [['more-out-than-in', '10', PLANT]],
    reads: /^10 KGM more came out.*110 KGM.*100 KGM/,
    explained: [
      said('ProductionRecorded', at(2, 7), {
        ...{ place: PLANT, runId: 'RUN-more-out', outputs: [] },
        inputs: [{ lot: lot('more-out:input'), quantity: kg('10') }],
      }),
    ],
  },
  {
    kind: 'out-of-order',
    facts: [used(at(1), lot('out-of-order'), kg('10')), received(at(3), lot('out-of-order'), kg('10'))],
    found: [['out-of-order', '10', null]],
    reads: /^10 KGM .*2026-03-01/,
    explained: [received(at(1, 7), lot('out-of-order'), kg('10'))],
  },
  {
    kind: 'dates-contradict',
    facts: [
      said('ProductionRecorded', at(5), {
        ...{ place: PLANT, inputs: [] },
        outputs: [{ lot: lot('dates-contradict'), quantity: kg('5'), dates: { production: '2026-03-10' } }],
      }),
      used(at(6), lot('dates-contradict'), kg('5')),
    ],
    found: [['dates-contradict', null, null]],
    reads: /produced on 2026-03-10 as stated, but made on 2026-03-05 and used on 2026-03-06/i,
    explained: [
      said('LotDatesStated', at(7), { lots: [{ lot: lot('dates-contradict'), dates: { production: '2026-03-05' } }] }),
    ],
  },
  {
    kind: 'used-after-expiry',
    facts: [
      received(at(1), lot('used-after-expiry'), kg('5'), { dates: { expiry: '2026-03-02' } }),
      used(at(4), lot('used-after-expiry'), kg('5')),
    ],
    found: [['used-after-expiry', '5', PLANT]],
    reads: /5 KGM .*2026-03-04.*expired.* 2026-03-02/i,
    explained: [
      said('LotDatesStated', at(2), { lots: [{ lot: lot('used-after-expiry'), dates: { expiry: '2026-04-02' } }] }),
    ],
  },
  {
    kind: 'shipped-after-expiry',
    facts: [
      received(at(1), lot('shipped-after-expiry'), kg('5'), { dates: { expiry: '2026-03-02' } }),
      shipped(at(4), lot('shipped-after-expiry'), kg('5')),
    ],
    found: [['shipped-after-expiry', '5', PLANT]],
    reads: /5 KGM .*2026-03-04.*expired.* 2026-03-02/i,
    explained: [
      said('LotDatesStated', at(2), { lots: [{ lot: lot('shipped-after-expiry'), dates: { expiry: '2026-04-02' } }] }),
    ],
  },
  {
    kind: 'unit-mismatch',
    facts: [received(at(1), lot('unit-mismatch'), kg('10')), used(at(2), lot('unit-mismatch'), { value: '3' })],
    found: [
      ['over-used', '3', PLANT],
      ['unit-mismatch', '3', PLANT],
    ],
    reads: /3 EA .*2026-03-02.*KGM/,
    explained: [received(at(1), lot('unit-mismatch'), { value: '3' })],
  },
  {
    kind: 'quantity-assumed',
    facts: [
      received(at(1), lot('quantity-assumed'), kg('10')),
      used(at(2), lot('quantity-assumed'), undefined, {}, { id: fact('quantity-assumed') }),
    ],
    found: [['quantity-assumed', '10', PLANT]],
    reads: /No quantity .*2026-03-02.*10 KGM/,
    explained: [voids(fact('quantity-assumed'), at(3)), used(at(2), lot('quantity-assumed'), kg('9'))],
  },
  {
    kind: 'contents-unknown',
    of: unit('contents-unknown'),
    facts: [
      received(at(1), lot('contents-unknown'), kg('10')),
      said('GoodsShipped', at(3), {
        ...{ from: PLANT, consignee: party('customer'), units: [unit('contents-unknown')] },
      }),
    ],
    found: [['contents-unknown', null, PLANT]],
    reads: /2026-03-03 .*what it held/,
    explained: [
      said('UnitPacked', at(2), {
        ...{ unit: unit('contents-unknown'), place: PLANT },
        goods: [{ lot: lot('contents-unknown'), quantity: kg('10') }],
      }),
    ],
  },
  {
    kind: 'unpack-not-recorded',
    facts: [
      received(at(1), lot('unpack-not-recorded'), kg('10')),
      said('UnitPacked', at(2), {
        ...{ unit: unit('unpack-not-recorded'), place: PLANT },
        goods: [{ lot: lot('unpack-not-recorded'), quantity: kg('10') }],
      }),
      used(at(4), lot('unpack-not-recorded'), kg('4')),
    ],
    found: [['unpack-not-recorded', '4', PLANT]],
    reads: /^4 KGM .*urn:test:unit:unpack-not-recorded.*2026-03-04/,
    explained: [
      said('UnitUnpacked', at(3), {
        ...{ unit: unit('unpack-not-recorded'), place: PLANT },
        goods: [{ lot: lot('unpack-not-recorded'), quantity: kg('4') }],
      }),
    ],
  },
  {
    kind: 'lot-not-stated',
    of: 'https://id.gs1.org/01/09521321000025',
    facts: [
      said(
        'ProductionRecorded',
        at(2),
        {
          place: PLANT,
          inputs: [{ lot: 'urn:epc:idpat:sgtin:9521321.000002.*', quantity: kg('3') }],
          outputs: [{ lot: lot('lot-not-stated:product'), quantity: kg('3') }],
        },
        { id: fact('lot-not-stated') },
      ),
    ],
    found: [['lot-not-stated', '3', PLANT]],
    reads: /3 KGM .*without its lot.*2026-03-02/,
    explained: [
      voids(fact('lot-not-stated'), at(3)),
      received(at(1), 'https://id.gs1.org/01/09521321000025/10/STATED', kg('3')),
      said('ProductionRecorded', at(2), {
        place: PLANT,
        inputs: [{ lot: 'https://id.gs1.org/01/09521321000025/10/STATED', quantity: kg('3') }],
        outputs: [{ lot: lot('lot-not-stated:product'), quantity: kg('3') }],
      }),
    ],
  },
  {
    kind: 'code-reused',
    facts: [
      said('ProductionRecorded', at(1), {
        ...{ place: PLANT, inputs: [], outputs: [{ lot: lot('code-reused'), quantity: kg('5') }] },
      }),
      said(
        'ProductionRecorded',
        at(2),
        { place: OTHERS, inputs: [], outputs: [{ lot: lot('code-reused'), quantity: kg('5') }] },
        { id: fact('code-reused') },
      ),
    ],
    found: [['code-reused', null, OTHERS]],
    reads: /2026-03-01.*urn:test:place:plant.*2026-03-02.*urn:test:place:others/,
    explained: [voids(fact('code-reused'), at(3))],
  },
  {
    kind: 'suspected-duplicate',
    facts: [
      received('2026-03-01T08:00:00Z', lot('suspected-duplicate'), kg('7')),
      received(
        '2026-03-01T08:00:20Z',
        lot('suspected-duplicate'),
        kg('7'),
        {},
        {
          id: fact('suspected-duplicate'),
          source: 'urn:test:wms',
        },
      ),
    ],
    found: [['suspected-duplicate', '7', PLANT]],
    reads: /7 KGM .*2026-03-01/,
    explained: [voids(fact('suspected-duplicate'), at(2))],
  },
];

describe('what the record cannot explain', () => {
  let lotline: Standalone;
  let reporter: Reporter;
  let late = 0;

  const of = async (id: string, status: 'open' | 'closed' = 'open'): Promise<any[]> =>
    (await reporter.get('/genealogy/discrepancies', { lot: id, status })).items;
  const brief = (found: any[]) => found.map((d) => [d.kind, d.amount?.value ?? null, d.place ?? null]).sort();
  const post = async (path: string, body: unknown = {}) => {
    const answer = await lotline.api('POST', path, { body });
    reporter.seen(answer);
    if (answer.status > 201) throw new Error(`${path} ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  };

  beforeAll(async () => {
    lotline = await startStandalone({ clock: () => new Date(Date.now() + late) });
    reporter = reporterOf(lotline);
    await reporter.places([
      { place: PLANT, party: US, parts: [COLD] },
      { place: DEPOT, party: US },
      { place: OTHERS, party: party('others') },
    ]);
  });
  afterAll(() => lotline.stop());

  it.each(CASES)('$kind: found, told in a sentence, and closed by late facts', async (each) => {
    const id = each.of ?? lot(each.kind);
    await reporter.tell(...each.facts);
    const open = await of(id);
    expect(brief(open)).toEqual(each.found);
    const found = open.find((d) => d.kind === each.kind);
    expect(found.explanation).toMatch(each.reads);
    expect(found.events.length).toBeGreaterThan(0);
    await reporter.tell(...each.explained);
    expect(await of(id)).toEqual([]);
    expect((await of(id, 'closed')).map((d) => d.kind)).toContain(each.kind);
  });

  const soon = (): string => new Date(Date.now() + late + 1000).toISOString();

  it.each([
    ['used-while-held', used],
    ['shipped-while-held', shipped],
  ] as const)('%s: a fact after a hold is taken and flagged, until it is voided', async (kind, act) => {
    const { body } = await post('/inventory/receipts', {
      ...{ item: '09521321000032', lotCode: kind, amount: kg('10'), place: PLANT },
    });
    await post(`/inventory/lots/${encodeURIComponent(body.lot)}/holds`, { holdId: kind, reason: 'glass found' });
    await reporter.tell(act(soon(), body.lot, kg('4'), {}, { id: fact(kind) }));
    const open = await of(body.lot);
    expect(brief(open)).toEqual([[kind, '4', PLANT]]);
    expect(open[0].explanation).toMatch(/4 KGM .*on hold.*glass found/);
    await reporter.tell(voids(fact(kind), soon()));
    expect(await of(body.lot)).toEqual([]);
  });

  it('not-received: appears when the due time passes, without a new fact, and closes by the arrival', async () => {
    const id = lot('not-received');
    const due = new Date(Date.now() + 86_400_000).toISOString();
    await reporter.tell(
      received(at(1), id, kg('10')),
      said('GoodsShipped', soon(), { from: PLANT, to: DEPOT, due, goods: [{ lot: id, quantity: kg('10') }] }),
    );
    expect(await of(id)).toEqual([]);
    late = 2 * 86_400_000;
    try {
      const open = await of(id);
      expect(brief(open)).toEqual([['not-received', '10', DEPOT]]);
      expect(open[0].explanation).toMatch(/^10 KGM shipped on .* to urn:test:place:depot was due on .* not arrived/);
      expect((await reporter.get('/genealogy/discrepancies', { kind: 'not-received' })).items).toHaveLength(1);
      const { discrepancies } = await reporter.get('/genealogy/trace', { lot: id, direction: 'forward' });
      expect(brief(discrepancies)).toEqual([['not-received', '10', DEPOT]]);
      expect(brief((await reporter.get(`/genealogy/lots/${encodeURIComponent(id)}`)).discrepancies)).toEqual(
        brief(open),
      );
      await reporter.tell(said('GoodsDelivered', soon(), { place: DEPOT, goods: [{ lot: id, quantity: kg('10') }] }));
      expect(await of(id)).toEqual([]);
    } finally {
      late = 0;
    }
  });

  it('used-after-expiry by the shelf life of the item, and more-out-than-in beyond its tolerance', async () => {
    const gtin = '09521321000087';
    const id = `https://id.gs1.org/01/${gtin}/10/RULE`;
    await post('/production/items', {
      ...{ item: gtin, name: 'Cream', kind: 'intermediate', baseUnit: 'KGM', tolerance: '0.02' },
      shelfLife: { rule: 'fixed', days: 5 },
    });
    const milk = lot('rule:milk');
    const made = (quantity: string) =>
      said(
        'ProductionRecorded',
        at(2),
        { place: PLANT, inputs: [{ lot: milk, quantity: kg('100') }], outputs: [{ lot: id, quantity: kg(quantity) }] },
        { id: fact(`rule-${quantity}`) },
      );
    await reporter.tell(received(at(1), milk, kg('100')), made('102'), used(at(7), id, kg('1')));
    expect(await of(id)).toEqual([]);
    await reporter.tell(used(at(8), id, kg('1')), voids(fact('rule-102'), at(9)), made('103'));
    const open = await of(id);
    expect(brief(open)).toEqual([
      ['more-out-than-in', '3', PLANT],
      ['used-after-expiry', '1', PLANT],
    ]);
    expect(open.map((d) => d.explanation).join()).toMatch(/tolerance of 2 %.*expired on 2026-03-07/);
    await reporter.tell(said('LotDatesStated', at(3), { lots: [{ lot: id, dates: { expiry: '2026-03-20' } }] }));
    expect(brief(await of(id))).toEqual([['more-out-than-in', '3', PLANT]]);
  });

  it('commitment-broken: a fact takes what was promised; a late receipt keeps the promise', async () => {
    const { body } = await post('/inventory/receipts', {
      ...{ item: '09521321000032', lotCode: 'promised', amount: kg('10'), place: PLANT },
    });
    await post('/inventory/allocations', {
      ...{ allocation: 'A-broken', for: 'order:1', lines: [{ lot: body.lot, place: PLANT, amount: kg('8') }] },
    });
    await reporter.tell(said('LotScrapped', soon(), { place: PLANT, goods: [{ lot: body.lot, quantity: kg('5') }] }));
    const open = await of(body.lot);
    expect(brief(open)).toEqual([['commitment-broken', '3', PLANT]]);
    expect(open[0].explanation).toMatch(/8 KGM .*allocation A-broken.*5 KGM/);
    expect((await reporter.get('/genealogy/discrepancies', { kind: 'commitment-broken' })).items).toHaveLength(1);
    await reporter.tell(received(soon(), body.lot, kg('3')));
    expect(await of(body.lot)).toEqual([]);
  });

  it('confirmed-differently: a fact names the shipment that was dispatched by command, with other amounts', async () => {
    const { body } = await post('/inventory/receipts', {
      ...{ item: '09521321000032', lotCode: 'dispatched', amount: kg('100'), place: PLANT },
    });
    const planned = await post('/shipping/shipments', {
      ...{ from: PLANT, consignee: party('customer'), lines: [{ lot: body.lot, amount: kg('60') }] },
    });
    const shipment = planned.body.shipment as string;
    await post(`/shipping/shipments/${shipment}/dispatch`);
    const left = (quantity: string, id: string) =>
      shipped(soon(), body.lot, kg(quantity), { shipmentId: shipment }, { id: fact(id) });
    await reporter.tell(left('55', 'confirmed-1'));
    const open = await of(body.lot);
    expect(brief(open)).toEqual([['confirmed-differently', '5', PLANT]]);
    expect(open[0].explanation).toMatch(/60 KGM.*55 KGM/);
    // One act, counted once, with the amount of the fact.
    expect((await reporter.get(`/genealogy/lots/${encodeURIComponent(body.lot)}`)).balances).toMatchObject([
      { place: PLANT, amount: kg('45') },
    ]);
    await reporter.tell(voids(fact('confirmed-1'), soon()), left('60', 'confirmed-2'));
    expect(await of(body.lot)).toEqual([]);
  });
});
