import { describe, expect, it } from '@jest/globals';
import { parseLossless } from '#kernel';
import { interpret } from '../index.js';
import type { Happening } from '../../happening.js';
import { epcisEvent as captured } from '../spec/captured.js';

const LOT = 'https://id.gs1.org/01/09521321000032/10/Y-118';
const LOT_URN = 'urn:epc:class:lgtin:9521321.000003.Y-118';
const PLACE = 'https://id.gs1.org/414/9521321000018';
const PLACE_URN = 'urn:epc:id:sgln:952132100001..0';

const one = (event: Record<string, unknown>, prefixes: Record<string, string> = {}): Happening => {
  const [only, ...others] = interpret(captured(event, prefixes));
  expect(others).toEqual([]);
  return only!;
};
const object = (more: Record<string, unknown>, prefixes?: Record<string, string>): Happening =>
  one(
    {
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizLocation: { id: PLACE_URN },
      quantityList: [{ epcClass: LOT_URN, quantity: 40, uom: 'KGM' }],
      ...more,
    },
    prefixes,
  );

describe('an EPCIS ObjectEvent', () => {
  it.each([
    ['ADD', 'commissioning', 'make'],
    ['ADD', 'receiving', 'receive'],
    ['ADD', undefined, 'make'],
    ['OBSERVE', 'receiving', 'receive'],
    ['DELETE', 'receiving', 'receive'],
    ['OBSERVE', 'shipping', 'ship'],
    ['OBSERVE', 'void_shipping', 'unship'],
    ['OBSERVE', 'departing', 'observe'],
    ['OBSERVE', 'storing', 'observe'],
    ['OBSERVE', 'urn:gdst:bizStep:landing', 'observe'],
    ['OBSERVE', 'stock_taking', 'count'],
    ['OBSERVE', 'cycle_counting', 'count'],
    ['DELETE', 'consuming', 'consume'],
    ['DELETE', 'retail_selling', 'sell'],
    ['DELETE', 'dispensing', 'sell'],
    ['DELETE', 'destroying', 'scrap'],
    ['DELETE', undefined, 'scrap'],
  ])('%s %s means %s', (action, bizStep, verb) => {
    expect(object({ action, ...(bizStep !== undefined && { bizStep }) }).verb).toBe(verb);
  });

  it('that is an observation says what is at its place, not how much came from its source', () => {
    const source = [
      { type: 'location', source: PLACE_URN },
      { type: 'owning_party', source: 'urn:test:party:a' },
    ];
    expect(object({ bizStep: 'arriving', sourceList: source }).source).toEqual({ owning: 'urn:test:party:a' });
    expect(object({ bizStep: 'receiving', sourceList: source }).source).toEqual({
      location: PLACE,
      owning: 'urn:test:party:a',
    });
  });

  it('is a mention only where an observation names no place', () => {
    expect(object({ bizLocation: undefined }).verb).toBe('note');
  });

  it.each([
    'shipping',
    'cbv:BizStep-shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'vocab:BizStep-shipping',
  ])('reads the step written as %s', (bizStep) => {
    const h = object({ bizStep }, { vocab: 'https://ref.gs1.org/cbv/' });
    expect([h.verb, h.step]).toEqual(['ship', 'shipping']);
  });

  it('makes URN and Digital Link one thing', () => {
    const urn = object({});
    const link = object({
      bizLocation: { id: 'https://example.com/414/9521321000018' },
      quantityList: [{ epcClass: 'https://shop.example/01/09521321000032/10/Y-118', quantity: 40, uom: 'KGM' }],
    });
    expect(link).toEqual(urn);
    expect(urn.things).toEqual([
      {
        id: LOT,
        kind: 'lot',
        item: 'https://id.gs1.org/01/09521321000032',
        lotCode: 'Y-118',
        amount: { value: '40', unit: 'KGM' },
      },
    ]);
    expect(urn.bizLocation).toBe(PLACE);
  });

  it('keeps quantities exact, counts pieces without a unit, and leaves a missing quantity open', () => {
    const { event } = parseLossless(
      `{"event": {"quantityList": [
        {"epcClass": "${LOT_URN}", "quantity": 12345678901234567890.10, "uom": "KGM"},
        {"epcClass": "${LOT_URN}", "quantity": 1.5e3},
        {"epcClass": "${LOT_URN}"}]}}`,
    ) as { event: Record<string, unknown> };
    expect(object(event).things.map((t) => t.amount)).toEqual([
      { value: '12345678901234567890.1', unit: 'KGM' },
      { value: '1500', unit: 'EA' },
      undefined,
    ]);
  });

  it('takes the day in the offset that is written apart', () => {
    const h = object({ eventTime: '2026-03-31T23:30:00.000Z', eventTimeZoneOffset: '+02:00' });
    expect(h.time).toMatchObject({ key: '2026-03-31T23:30:00', day: '2026-04-01' });
  });

  it('knows what an EPC list names: pieces, logistic units, lots, and what no key tells', () => {
    const h = object({
      quantityList: undefined,
      epcList: [
        'urn:epc:id:sgtin:9521321.000003.S1',
        'https://id.gs1.org/00/095213210000000018',
        'urn:epc:id:sscc:08600031303.0004',
        'https://tracking.example/box/7',
      ],
    });
    expect(h.things.map((t) => [t.kind, t.amount?.value])).toEqual([
      ['serial', '1'],
      ['unit', undefined],
      ['unit', undefined],
      ['serial', '1'],
    ]);
    expect(h.warnings).toEqual([expect.stringContaining('sscc: company prefix and serial reference have 15 digits')]);
  });

  it('makes a piece a member of the lot that its id or its ilmd states', () => {
    const h = object({
      action: 'ADD',
      quantityList: undefined,
      epcList: ['https://id.gs1.org/01/09521321000032/10/Y-118/21/S1', 'urn:epc:id:sgtin:9521321.000003.S2'],
      ilmd: { 'cbvmda:lotNumber': 'Y-118', 'cbvmda:itemExpirationDate': '2026-04-30' },
    });
    expect(h.things.map((t) => t.lot)).toEqual([LOT, LOT]);
    expect(h.dates?.[LOT]).toEqual({ expiry: '2026-04-30' });
  });

  it('takes a class without lot as a pool, unless the ilmd states its lot', () => {
    const quantityList = [{ epcClass: 'urn:epc:idpat:sgtin:9521321.000003.*', quantity: 40, uom: 'KGM' }];
    const pool = object({ quantityList });
    expect(pool.things).toMatchObject([{ id: 'https://id.gs1.org/01/09521321000032', kind: 'pool' }]);
    expect(pool.warnings).toEqual([expect.stringContaining('states no lot')]);
    expect(object({ action: 'ADD', quantityList, ilmd: { lotNumber: 'Y-118' } }).things).toMatchObject([
      { id: LOT, kind: 'lot', lotCode: 'Y-118' },
    ]);
  });

  it.each([
    [{ 'cbvmda:itemExpirationDate': '2026-04-30T23:00:00.000-05:00' }, {}, { expiry: '2026-04-30' }],
    [
      { itemExpirationDate: '2026-04-30', bestBeforeDate: '2026-04-01' },
      {},
      { expiry: '2026-04-30', bestBefore: '2026-04-01' },
    ],
    [{ 'm:sellByDate': '2026-04-30' }, { m: 'urn:epcglobal:cbv:mda:' }, { removal: '2026-04-30' }],
    [{ 'urn:epcglobal:cbv:mda:productionDate': '2026-04-30' }, {}, { production: '2026-04-30' }],
    [{ 'urn:epcglobal:cbv:mda#productionDate': '2026-04-30' }, {}, { production: '2026-04-30' }],
    [{ 'https://ref.gs1.org/cbv/mda/harvestEndDate': '2026-04-30' }, {}, { production: '2026-04-30' }],
    [{ 'voc:expirationDate': { '@value': '2026-04-30' } }, { voc: 'https://gs1.org/voc/' }, { expiry: '2026-04-30' }],
    [{ harvestStartDate: '2026-04-01', harvestEndDate: '2026-04-30' }, {}, { production: '2026-04-30' }],
    [{ 'acme:productionDate': '2026-04-30' }, { acme: 'https://acme.example/' }, undefined],
  ])('reads the dates of ilmd %j', (ilmd, prefixes, dates) => {
    expect(object({ action: 'ADD', ilmd }, prefixes as Record<string, string>).dates?.[LOT]).toEqual(dates);
  });

  it('warns of a date that names no day, and keeps the others', () => {
    const h = object({ action: 'ADD', ilmd: { itemExpirationDate: '2026-02-31', bestBeforeDate: '2026-02-28' } });
    expect(h.dates?.[LOT]).toEqual({ bestBefore: '2026-02-28' });
    expect(h.warnings).toEqual(['expiry date "2026-02-31" is no date']);
  });

  it('reads sources and destinations in every form of their types', () => {
    const h = object({
      bizStep: 'shipping',
      sourceList: [{ type: 'cbv:SDT-owning_party', source: 'urn:epc:id:pgln:9521321.00000' }],
      destinationList: [
        { type: 'urn:epcglobal:cbv:sdt:possessing_party', destination: 'urn:acme:party:7' },
        { type: 'https://ref.gs1.org/cbv/SDT-location', destination: PLACE_URN },
      ],
    });
    expect(h.source).toEqual({ owning: 'https://id.gs1.org/417/9521321000001' });
    expect(h.destination).toEqual({ possessing: 'urn:acme:party:7', location: PLACE });
  });

  it('confirms what its business transactions refer to', () => {
    const h = object({
      bizStep: 'shipping',
      bizTransactionList: [
        { type: 'desadv', bizTransaction: 'urn:epcglobal:cbv:bt:9521321000018:S-1' },
        { type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:9521321000018:PO-7' },
        { bizTransaction: 'shipment:S-2' },
      ],
    });
    expect(h.confirms).toEqual([
      'urn:epcglobal:cbv:bt:9521321000018:S-1',
      'shipment:S-1',
      'urn:epcglobal:cbv:bt:9521321000018:PO-7',
      'shipment:S-2',
    ]);
  });

  it('only voids its original where it is an error declaration', () => {
    const event = captured({ type: 'ObjectEvent', action: 'OBSERVE', quantityList: [{ epcClass: LOT_URN }] });
    const declaration = { ...event, data: { ...(event.data as object), declaration: true } };
    expect(interpret(declaration)).toMatchObject([{ verb: 'note', things: [], voids: 'urn:uuid:spec' }]);
  });
});

describe('an EPCIS AggregationEvent', () => {
  const unit = 'https://id.gs1.org/00/095213210000000018';
  const aggregation = (more: Record<string, unknown>): Happening[] =>
    interpret(
      captured({
        type: 'AggregationEvent',
        action: 'ADD',
        bizStep: 'packing',
        parentID: unit,
        childQuantityList: [{ epcClass: LOT_URN, quantity: 40, uom: 'KGM' }],
        bizLocation: { id: PLACE_URN },
        ...more,
      }),
    );

  it.each([
    ['ADD', 'pack'],
    ['DELETE', 'unpack'],
    ['OBSERVE', 'contain'],
  ])('%s means %s', (action, verb) => {
    expect(aggregation({ action })).toMatchObject([{ verb, parent: unit, things: [{ id: LOT }] }]);
  });

  it('is the departure of its unit too where its step says so', () => {
    expect(aggregation({ action: 'OBSERVE', bizStep: 'shipping' })).toMatchObject([
      { verb: 'contain', parent: unit },
      { verb: 'ship', things: [{ id: unit, kind: 'unit' }], confirms: [`${unit}@${PLACE}`] },
    ]);
  });

  it('says of the children what an observation of them would, where it names no unit', () => {
    expect(aggregation({ action: 'OBSERVE', parentID: undefined, bizStep: 'storing' })).toMatchObject([
      { verb: 'observe', things: [{ id: LOT }] },
    ]);
  });
});

describe('other EPCIS events', () => {
  it('makes a transformation of inputs and outputs, dates going to the outputs', () => {
    const h = one({
      type: 'TransformationEvent',
      transformationID: 'run-7',
      inputQuantityList: [{ epcClass: LOT_URN, quantity: 40, uom: 'KGM' }],
      outputEPCList: ['urn:epc:id:sgtin:9521321.000004.S1'],
      ilmd: { itemExpirationDate: '2026-04-30', lotNumber: 'Z' },
      bizLocation: { id: PLACE_URN },
    });
    const made = 'https://id.gs1.org/01/09521321000049';
    expect(h).toMatchObject({
      verb: 'transform',
      transformation: 'run-7',
      things: [{ id: LOT }],
      outputs: [{ id: `${made}/21/S1`, kind: 'serial', lot: `${made}/10/Z` }],
      confirms: ['run-7', 'transformation:run-7', 'run:run-7'],
      dates: { [`${made}/10/Z`]: { expiry: '2026-04-30' } },
    });
    expect(h.dates?.[LOT]).toBeUndefined();
    expect(h.things[0]?.lotCode).toBe('Y-118');
  });

  it('stands alone where it has no transformation id', () => {
    expect(one({ type: 'TransformationEvent', inputQuantityList: [] }).transformation).toBe('urn:uuid:spec');
  });

  it.each(['TransactionEvent', 'AssociationEvent'])('mentions what a %s names and moves nothing', (type) => {
    expect(
      one({ type, action: 'ADD', parentID: 'urn:acme:asset:1', quantityList: [{ epcClass: LOT_URN }] }),
    ).toMatchObject({ verb: 'note', things: [{ id: 'urn:acme:asset:1' }, { id: LOT }] });
  });
});
