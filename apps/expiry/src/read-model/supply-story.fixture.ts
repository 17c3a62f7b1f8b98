import fc from 'fast-check';
import type { RecordedEvent } from '#contracts';
import { uuidFromName } from '#kernel';

export const US = 'urn:test:party:us';
/** May be ours too: that is for the reader to say. */
export const SISTER = 'urn:test:party:sister';
export const FARM = 'urn:test:party:farm';
export const MILL = 'urn:test:party:mill';
const DEPOT = 'urn:test:place:depot';
const SHED = 'urn:test:place:shed';
const BARN = 'urn:test:place:barn';
const SHOP = 'urn:test:party:shop';

const lotOf = (name: string): string => `urn:test:lot:${name}`;

/** An event before the log has it. */
export interface Told {
  id: string;
  type: string;
  hour: number;
  data: object;
}

const idOf = (n: number): string => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const hourText = (hour: number): string => new Date(Date.UTC(2026, 2, 1) + hour * 3_600_000).toISOString();

const lots = fc.constantFrom('A', 'B', 'C');
const kilos = fc.constantFrom('10', '2.5', '40');
const units = fc.constantFrom('KGM', 'KGM', 'EA');
const goods = (lot: string, value: string, more: object = {}, unit = 'KGM'): object => ({
  goods: [{ lot: lotOf(lot), quantity: { value, unit }, ...more }],
});

/** What may be told of a few lots; what voids names an earlier or later event of the story by its number. */
const saying = fc.oneof(
  fc
    .record({
      ...{ lot: lots, kg: kilos, unit: units, dated: fc.boolean() },
      ...{ from: fc.constantFrom(FARM, FARM, MILL, undefined), place: fc.constantFrom(DEPOT, SHED) },
    })
    .map(({ lot, kg, unit, from, place, dated }) => ({
      type: 'GoodsReceived',
      data: {
        ...{
          place,
          ...goods(lot, kg, { supplierLot: `S-${lot}`, ...(dated && { dates: { expiry: '2026-03-20' } }) }, unit),
        },
        ...(from !== undefined && { supplier: from }),
      },
    })),
  fc
    .record({
      lot: lots,
      kg: kilos,
      due: fc.constantFrom('2026-03-01', '2026-03-02T06:00:00Z', undefined),
      id: fc.constantFrom('S-1', 'S-2'),
    })
    .map(({ lot, kg, due, id }) => ({
      type: 'GoodsShipped',
      data: {
        from: BARN,
        to: DEPOT,
        consignee: US,
        shipmentId: id,
        ...goods(lot, kg),
        ...(due !== undefined && { due }),
      },
    })),
  fc.record({ lot: lots, kg: kilos, id: fc.constantFrom('S-1', 'S-2') }).map(({ lot, kg, id }) => ({
    type: 'GoodsReceived',
    data: { place: DEPOT, shipmentId: id, supplier: FARM, ...goods(lot, kg) },
  })),
  fc.record({ lot: lots, kg: kilos, to: fc.constantFrom(FARM, SHOP) }).map(({ lot, kg, to }) => ({
    type: 'GoodsShipped',
    data: { from: DEPOT, consignee: to, ...goods(lot, kg) },
  })),
  fc.record({ lot: lots, kg: kilos }).map(({ lot, kg }) => ({
    type: 'GoodsReturned',
    data: { place: DEPOT, returnedBy: SHOP, ...goods(lot, kg) },
  })),
  fc
    .record({
      lot: lots,
      inspection: fc.constantFrom('Q-1', 'Q-2'),
      result: fc.constantFrom('pass', 'fail', 'inconclusive'),
    })
    .map(({ lot, ...rest }) => ({ type: 'InspectionRecorded', data: { lot: lotOf(lot), ...rest } })),
  fc.record({ lot: lots, type: fc.constantFrom('LotRejected', 'LotReleased') }).map(({ lot, type }) => ({
    type,
    data: { lot: lotOf(lot), reason: 'said so' },
  })),
  fc.record({ lot: lots, holdId: fc.constantFrom('H-1', 'recall:R-1') }).map(({ lot, holdId }) => ({
    type: 'LotHeld',
    data: { lot: lotOf(lot), holdId, reason: 'odour', owner: 'quality' },
  })),
  fc.record({ lot: lots }).map(({ lot }) => ({
    type: 'LotDatesStated',
    data: { lots: [{ lot: lotOf(lot), dates: { expiry: '2026-03-10' } }] },
  })),
  fc.record({ apart: fc.boolean() }).map(({ apart }) => ({
    type: apart ? 'LotsSeparated' : 'LotsIdentified',
    data: { lots: [lotOf('A'), lotOf('B')] },
  })),
  fc.record({ which: fc.nat(13) }).map(({ which }) => ({ type: 'FactVoided', data: { voids: idOf(which) } })),
  fc.record({ party: fc.constantFrom(FARM, MILL) }).map(({ party }) => ({
    type: 'MasterDataCaptured',
    data: belongs(BARN, party),
  })),
  fc.record({ lot: lots, suspect: fc.boolean() }).map(({ lot, suspect }) => ({
    type: 'ScopeChanged',
    data: {
      ...{
        case: 'R-1',
        addedLots: [{ lot: lotOf(lot), suspect }],
        addedShipments: [],
        addedConsignees: [],
        because: [],
      },
      knownAt: '0000000000000001',
    },
  })),
  fc
    .record({ lot: lots })
    .map(({ lot }) => ({ type: 'LotExcluded', data: { case: 'R-1', lot: lotOf(lot), reason: 'other line' } })),
);

const COMMANDS = new Set([
  'InspectionRecorded',
  'LotRejected',
  'LotReleased',
  'LotHeld',
  'MasterDataCaptured',
  'ScopeChanged',
  'LotExcluded',
]);

const belongs = (place: string, party: string): object => ({
  ...{ kind: 'place', id: place, statedId: place, vocabularyType: 'urn:epcglobal:epcis:vtype:Location' },
  attributes: [{ id: 'urn:epcglobal:cbv:owning_party', attribute: party }],
  statedAt: '2026-01-01T00:00:00Z',
});

/** What every story begins with: a lot of each supplier, and one that was announced and came late. */
const BEGINNING: readonly (readonly [{ type: string; data: object }, hour: number])[] = [
  [
    {
      type: 'GoodsReceived',
      data: { place: DEPOT, supplier: FARM, ...goods('A', '100', { dates: { expiry: '2026-03-20' } }) },
    },
    5,
  ],
  [{ type: 'GoodsReceived', data: { place: DEPOT, supplier: MILL, ...goods('B', '30') } }, 6],
  [
    {
      type: 'GoodsShipped',
      data: { from: BARN, to: DEPOT, consignee: US, shipmentId: 'S-1', due: '2026-03-01', ...goods('C', '10') },
    },
    3,
  ],
  [{ type: 'GoodsReceived', data: { place: DEPOT, shipmentId: 'S-1', supplier: FARM, ...goods('C', '10') } }, 30],
];

/** Stories in the order in which they were told; `hour` is when it happened, which may be any other order. */
export const stories: fc.Arbitrary<Told[]> = fc
  .array(fc.tuple(saying, fc.nat(40)), { minLength: 3, maxLength: 10 })
  .chain((more) => fc.shuffledSubarray([...BEGINNING, ...more], { minLength: BEGINNING.length + more.length }))
  .map((sayings) => [
    { id: uuidFromName('depot'), type: 'MasterDataCaptured', hour: 0, data: belongs(DEPOT, US) },
    { id: uuidFromName('shed'), type: 'MasterDataCaptured', hour: 0, data: belongs(SHED, SISTER) },
    {
      id: uuidFromName('case'),
      type: 'RecallOpened',
      hour: 1,
      data: { case: 'R-1', reason: 'glass', drill: false, suspects: [{ lot: lotOf('A') }] },
    },
    ...sayings.map(([{ type, data }, hour], n) => ({
      ...{ id: uuidFromName(`told ${n}`), type, hour },
      data: COMMANDS.has(type) ? data : { eventId: idOf(n), ...data },
    })),
  ]);

/** As the log has them in this order. */
export const recorded = (story: readonly Told[]): RecordedEvent[] =>
  story.map(({ hour, ...event }, i) => ({
    ...event,
    ...{ schemaVersion: 1, eventTime: hourText(hour), stream: `s-${event.id}`, revision: 0 },
    meta: { source: 'urn:test:reporter', actor: 'test', correlationId: 'c' },
    position: String(i + 1).padStart(16, '0'),
    recordTime: new Date(Date.UTC(2026, 5, 1) + i * 1000).toISOString(),
  }));
