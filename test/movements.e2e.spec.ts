import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kg, reporterOf, said, type Reporter, type Said } from './support/reporter.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

const place = (name: string): string => `urn:test:place:${name}`;
const lot = (name: string): string => `urn:test:lot:${name}`;
const unit = (name: string): string => `urn:test:unit:${name}`;
const PLANT = place('plant');
const COLD = place('plant:cold');
const DEPOT = place('depot');
const SHOP = place('shop');
const US = 'urn:test:party:us';
const THEM = 'urn:test:party:them';

/** An hour of 1 March 2026. */
const at = (hour: number): string => `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z`;

const object = (hour: number, action: string, bizStep: string, where: string, rest: object): object => ({
  ...{ type: 'ObjectEvent', eventTime: at(hour), action, bizStep, bizLocation: { id: where } },
  ...rest,
});
const some = (id: string, quantity?: number) => ({
  quantityList: [{ epcClass: id, ...(quantity !== undefined && { quantity, uom: 'KGM' }) }],
});
const to = (type: string, destination: string) => ({ destinationList: [{ type, destination }] });
const from = (type: string, source: string) => ({ sourceList: [{ type, source }] });
const aggregation = (hour: number, action: string, parentID: string, where: string, rest: object): object => ({
  ...{
    type: 'AggregationEvent',
    eventTime: at(hour),
    action,
    parentID,
    bizLocation: { id: where },
    bizStep: 'packing',
  },
  ...rest,
});
const inside = (id: string, quantity: number) => ({ childQuantityList: [{ epcClass: id, quantity, uom: 'KGM' }] });

const made = (id: string, quantity: number): object => object(1, 'ADD', 'commissioning', PLANT, some(id, quantity));
const shipped = (id: string, quantity: number, hour = 3): object =>
  object(hour, 'OBSERVE', 'shipping', PLANT, { ...some(id, quantity), ...to('location', SHOP) });

interface Row {
  row: string;
  /** EPCIS events. */
  events?: (id: string) => object[];
  facts?: (id: string) => Said[];
  /** "amount from -> to" of every entry; places by their last part, units in brackets. */
  entries: string[];
  found?: string[];
}

const named = (id: string): Said[] => [
  said('GoodsReceived', at(1), { place: PLANT, goods: [{ lot: id, quantity: kg('10') }] }),
];

/** The table of movements, row by row. */
const ROWS: Row[] = [
  { row: 'Object ADD', events: (id) => [made(id, 10)], entries: ['10 made -> plant'] },
  {
    row: 'receiving, action ADD, of nothing known',
    events: (id) => [object(1, 'ADD', 'receiving', PLANT, some(id, 10))],
    entries: ['10 outside -> plant'],
  },
  {
    row: 'receiving what was shipped here',
    events: (id) => [made(id, 10), shipped(id, 4), object(5, 'OBSERVE', 'receiving', SHOP, some(id, 4))],
    entries: ['10 made -> plant', '4 plant -> shipped shop', '4 shipped shop -> shop'],
  },
  {
    row: 'receiving confirms what observations brought since the last one',
    events: (id) => [
      ...[made(id, 10), shipped(id, 4), object(4, 'OBSERVE', 'arriving', SHOP, some(id, 4))],
      object(5, 'OBSERVE', 'receiving', SHOP, some(id, 4)),
    ],
    entries: ['10 made -> plant', '4 plant -> shipped shop', '4 shipped shop -> shop'],
  },
  {
    row: 'receiving from places of the stated source party',
    events: (id) => [
      made(id, 10),
      object(2, 'OBSERVE', 'receiving', SHOP, { ...some(id, 4), ...from('owning_party', US) }),
    ],
    entries: ['10 made -> plant', '4 plant -> shop'],
  },
  {
    row: 'shipping to an owning party',
    events: (id) => [
      made(id, 10),
      object(2, 'OBSERVE', 'shipping', PLANT, { ...some(id, 10), ...to('owning_party', THEM) }),
    ],
    entries: ['10 made -> plant', '10 plant -> shipped them'],
  },
  {
    row: 'an observation brings what is not there yet, once however often it is repeated and whatever its source',
    events: (id) => [
      ...[made(id, 10), object(2, 'OBSERVE', 'departing', PLANT, some(id, 6))],
      object(3, 'OBSERVE', 'arriving', DEPOT, { ...some(id, 6), ...from('location', PLANT) }),
      object(4, 'OBSERVE', 'storing', DEPOT, { ...some(id, 6), ...from('location', PLANT) }),
      object(5, 'OBSERVE', 'https://example.com/step/sniffing', DEPOT, some(id, 6)),
    ],
    entries: ['10 made -> plant', '6 plant -> depot'],
  },
  {
    row: 'stock taking: the whole amount is as stated',
    events: (id) => [made(id, 10), object(2, 'OBSERVE', 'stock_taking', PLANT, some(id, 8))],
    entries: ['10 made -> plant', '2 plant -> adjusted'],
  },
  {
    row: 'cycle counting finds more',
    events: (id) => [made(id, 10), object(2, 'OBSERVE', 'cycle_counting', PLANT, some(id, 11))],
    entries: ['10 made -> plant', '1 adjusted -> plant'],
  },
  {
    row: 'void_shipping',
    events: (id) => [made(id, 10), shipped(id, 4), object(5, 'OBSERVE', 'void_shipping', PLANT, some(id, 4))],
    entries: ['10 made -> plant', '4 plant -> shipped shop', '4 shipped shop -> plant'],
  },
  {
    row: 'Object DELETE: consuming, retail_selling, dispensing, else scrapped',
    events: (id) => [
      ...[made(id, 10), object(2, 'DELETE', 'consuming', PLANT, some(id, 1))],
      object(3, 'DELETE', 'retail_selling', PLANT, some(id, 2)),
      object(4, 'DELETE', 'dispensing', PLANT, some(id, 3)),
      object(5, 'DELETE', 'destroying', PLANT, some(id, 4)),
    ],
    entries: ['10 made -> plant', '1 plant -> consumed', '2 plant -> sold', '3 plant -> sold', '4 plant -> scrapped'],
  },
  {
    row: 'Aggregation ADD, then DELETE of some, then of all',
    events: (id) => [
      ...[made(id, 10), aggregation(2, 'ADD', unit('agg'), PLANT, inside(id, 6))],
      ...[
        aggregation(3, 'DELETE', unit('agg'), PLANT, inside(id, 2)),
        aggregation(4, 'DELETE', unit('agg'), PLANT, {}),
      ],
    ],
    entries: ['10 made -> plant', '6 plant -> plant [agg]', '2 plant [agg] -> plant', '4 plant [agg] -> plant'],
  },
  {
    row: 'Aggregation OBSERVE elsewhere: the contents named are thereby there',
    events: (id) => [
      made(id, 10),
      aggregation(2, 'ADD', unit('seen'), PLANT, inside(id, 6)),
      aggregation(3, 'OBSERVE', unit('seen'), DEPOT, inside(id, 6)),
    ],
    entries: ['10 made -> plant', '6 plant -> plant [seen]', '6 plant [seen] -> depot [seen]'],
    found: ['movement-not-recorded'],
  },
  {
    row: 'Transformation',
    events: (id) => [
      made(`${id}:in`, 10),
      {
        ...{ type: 'TransformationEvent', eventTime: at(2), bizLocation: { id: PLANT }, bizStep: 'commissioning' },
        inputQuantityList: some(`${id}:in`, 10).quantityList,
        outputQuantityList: some(id, 9).quantityList,
      },
      {
        ...{ type: 'TransformationEvent', eventTime: at(3), bizLocation: { id: PLANT } },
        inputQuantityList: some(id, 5).quantityList,
        outputQuantityList: some(`${id}:out`, 5).quantityList,
      },
    ],
    entries: ['9 made -> plant', '5 plant -> consumed'],
  },
  {
    row: 'Transaction and Association: none',
    events: (id) => [
      made(id, 10),
      {
        ...{ type: 'TransactionEvent', eventTime: at(2), action: 'ADD', ...some(id, 10) },
        bizTransactionList: [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:9521321000018:PO-1' }],
      },
      {
        ...{ type: 'AssociationEvent', eventTime: at(3), action: 'ADD', parentID: 'urn:test:truck:1' },
        ...{ bizLocation: { id: DEPOT }, ...inside(id, 10) },
      },
    ],
    entries: ['10 made -> plant'],
  },
  {
    row: 'a unit named stands for its contents at that moment; without a quantity a use takes all',
    events: (id) => [
      ...[made(id, 10), aggregation(2, 'ADD', unit('named'), PLANT, inside(id, 6))],
      object(3, 'OBSERVE', 'shipping', PLANT, { epcList: [unit('named')], ...to('location', SHOP) }),
      object(4, 'OBSERVE', 'receiving', SHOP, { epcList: [unit('named')] }),
      object(5, 'DELETE', 'destroying', PLANT, some(id)),
    ],
    entries: [
      '10 made -> plant',
      '6 plant -> plant [named]',
      '6 plant [named] -> shipped shop [named]',
      '6 shipped shop [named] -> shop [named]',
      '4 plant -> scrapped',
    ],
    found: ['quantity-assumed'],
  },
  {
    row: 'uses take at the read point where it is known, and a shortfall inside one site is no discrepancy',
    events: (id) => [
      made(id, 10),
      { ...object(2, 'DELETE', 'consuming', PLANT, some(id, 4)), readPoint: { id: COLD } },
      { ...object(3, 'DELETE', 'consuming', PLANT, some(id, 4)), readPoint: { id: place('unheard-of') } },
    ],
    entries: ['10 made -> plant', '4 cold -> consumed', '4 plant -> consumed', '4 plant -> cold'],
  },
  {
    row: 'native: received, moved, scrapped',
    facts: (id) => [
      ...named(id),
      said('LotMoved', at(2), { from: PLANT, to: DEPOT, goods: [{ lot: id, quantity: kg('3') }] }),
      said('LotMoved', at(3), { from: PLANT, to: DEPOT, goods: [{ lot: id, quantity: kg('3') }] }),
      said('LotScrapped', at(4), { place: DEPOT, goods: [{ lot: id, quantity: kg('1') }] }),
    ],
    entries: ['10 outside -> plant', '3 plant -> depot', '3 plant -> depot', '1 depot -> scrapped'],
  },
  {
    row: 'native: shipped, delivered, returned',
    facts: (id) => [
      ...named(id),
      said('GoodsShipped', at(2), {
        ...{ from: PLANT, to: SHOP, consignee: THEM, shipmentId: 'S-row' },
        goods: [{ lot: id, quantity: kg('5') }],
      }),
      said('GoodsDelivered', at(3), { place: SHOP, shipmentId: 'S-row' }),
      said('GoodsReturned', at(4), { place: PLANT, returnedBy: THEM, goods: [{ lot: id, quantity: kg('2') }] }),
    ],
    entries: ['10 outside -> plant', '5 plant -> shipped shop', '5 shipped shop -> shop', '2 shop -> plant'],
  },
  {
    row: 'native: packed and unpacked',
    facts: (id) => [
      ...named(id),
      said('UnitPacked', at(2), { unit: unit('n'), place: PLANT, goods: [{ lot: id, quantity: kg('5') }] }),
      said('UnitUnpacked', at(3), { unit: unit('n'), place: PLANT }),
    ],
    entries: ['10 outside -> plant', '5 plant -> plant [n]', '5 plant [n] -> plant'],
  },
];

describe('the table of movements', () => {
  let lotline: Standalone;
  let reporter: Reporter;

  beforeAll(async () => {
    lotline = await startStandalone();
    reporter = reporterOf(lotline);
    await reporter.places([
      { place: PLANT, party: US, parts: [COLD] },
      { place: DEPOT, party: US },
      { place: SHOP, party: THEM },
    ]);
  });
  afterAll(() => lotline.stop());

  const short = (id: string): string => id.replace(/^.*:/, '');
  const account = ({ kind, place: where, unit: packed }: { kind: string; place?: string; unit?: string }): string =>
    [
      ...(kind === 'place' ? [] : [kind]),
      ...(typeof where === 'string' ? [short(where)] : []),
      ...(packed === undefined ? [] : [`[${short(packed)}]`]),
    ].join(' ');

  it.each(ROWS)('$row', async ({ row, events, facts, entries, found = [] }) => {
    const id = lot(`row-${ROWS.findIndex((r) => r.row === row)}`);
    for (const event of events?.(id) ?? []) await reporter.event(event);
    if (facts) await reporter.tell(...facts(id));
    const view = await reporter.get(`/genealogy/lots/${encodeURIComponent(id)}`);
    expect(view.ledger.map((e: any) => `${e.amount.value} ${account(e.from)} -> ${account(e.to)}`)).toEqual(entries);
    expect(view.discrepancies.map((d: any) => d.kind)).toEqual(found);
    expect(view.ledger.every((e: any) => e.events.length > 0)).toBe(true);
    const sum = view.accounts.reduce((total: number, a: any) => total + Number(a.amount.value), 0);
    expect(sum).toBe(0);
  });
});
