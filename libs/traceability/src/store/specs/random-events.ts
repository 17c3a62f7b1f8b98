import { uuidFromName } from '#kernel';
import fc from 'fast-check';
import type { Unrecorded } from './recorded.js';

const lot = (n: number): string => `urn:epc:class:lgtin:9521321.00000${n % 3}.L${n}`;
const unit = (n: number): string => `urn:epc:id:sscc:9521321.000000000${n}`;
const serial = (n: number): string => `https://id.gs1.org/01/09521321000028/10/L1/21/S${n}`;
const place = (n: number): string => `urn:epc:id:sgln:9521321.0000${n}.0`;
const party = (n: number): string => `urn:epc:id:pgln:9521321.1000${n}`;

const quantity = fc.record({ lot: fc.nat(5), value: fc.integer({ min: 1, max: 9 }) });
const quantities = fc.array(quantity, { minLength: 1, maxLength: 2 });
const listed = (of: readonly { lot: number; value: number }[]): object[] =>
  of.map((q) => ({ epcClass: lot(q.lot), quantity: q.value * 10, uom: 'KGM' }));
const at = fc.nat(2);

/** A step of the story; its number makes the event's id and its hour of the day. */
const step: fc.Arbitrary<(n: number) => Record<string, unknown>> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ of: quantities, at }).map(({ of, at: where }) => () => ({
      ...{ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', bizLocation: { id: place(where) } },
      quantityList: listed(of),
    })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        inputs: quantities,
        outputs: quantities,
        at,
        run: fc.option(fc.nat(2)),
        unit: fc.option(fc.nat(2), { freq: 6 }),
      })
      .map(({ inputs, outputs, at: where, run, unit: u }) => () => ({
        ...{ type: 'TransformationEvent', bizStep: 'commissioning', bizLocation: { id: place(where) } },
        inputQuantityList: listed(inputs),
        ...(u !== null && { inputEPCList: [unit(u)] }),
        outputQuantityList: listed(outputs),
        ...(run !== null && { transformationID: `run-${run}` }),
      })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ of: quantities, at, u: fc.nat(2), inner: fc.option(fc.nat(2), { freq: 5 }) })
      .map(({ of, at: where, u, inner }) => () => ({
        ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', bizLocation: { id: place(where) } },
        parentID: unit(u),
        childQuantityList: listed(of),
        ...(inner !== null && inner !== u && { childEPCs: [unit(inner)] }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ at, u: fc.nat(2) }).map(({ at: where, u }) => () => ({
      ...{ type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking', bizLocation: { id: place(where) } },
      parentID: unit(u),
    })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        of: quantities,
        at,
        to: fc.nat(1),
        u: fc.option(fc.nat(2)),
        step: fc.constantFrom('shipping', 'receiving'),
      })
      .map(({ of, at: where, to, u, step: bizStep }) => () => ({
        ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep, bizLocation: { id: place(where) } },
        ...(u === null ? { quantityList: listed(of) } : { epcList: [unit(u)] }),
        destinationList: [{ type: 'owning_party', destination: party(to) }],
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ s: fc.nat(1), at }).map(({ s, at: where }) => () => ({
      ...{ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', bizLocation: { id: place(where) } },
      epcList: [serial(s)],
    })),
  },
);

const captured = (body: Record<string, unknown>, n: number, declaration: boolean): Unrecorded => {
  const eventId = `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  // Three events share an hour now and then, so that ties are decided by something else.
  const eventTime = `2026-03-01T${String(Math.floor((n * 7) / 3) % 24).padStart(2, '0')}:00:00.000Z`;
  const event = {
    ...body,
    ...{ eventID: eventId, eventTime, eventTimeZoneOffset: '+00:00' },
    ...(declaration && { errorDeclaration: { declarationTime: '2026-03-02T00:00:00.000Z', reason: 'incorrect_data' } }),
  };
  return {
    id: uuidFromName(`${declaration ? 'declaration' : 'fact'}:${eventId}`),
    type: 'EpcisEventCaptured',
    eventTime,
    data: { eventId, declaration, event, prefixes: {} },
  };
};

const identified = (a: number, b: number, n: number, apart: boolean): Unrecorded => ({
  id: uuidFromName(`alias ${n}`),
  type: apart ? 'LotsSeparated' : 'LotsIdentified',
  eventTime: `2026-03-01T${String(n % 24).padStart(2, '0')}:30:00.000Z`,
  data: { eventId: `urn:uuid:00000000-0000-4000-9000-${String(n).padStart(12, '0')}`, lots: [lot(a), lot(b)] },
});

/** A departure, and an arrival that names nothing but the shipment. */
const delivered = (of: readonly { lot: number; value: number }[], from: number, n: number): Unrecorded[] => {
  const fact = (type: string, k: number, data: object): Unrecorded => ({
    id: uuidFromName(`delivery ${n} ${k}`),
    type,
    eventTime: `2026-03-01T${String((n * 9 + k * 4) % 24).padStart(2, '0')}:20:00.000Z`,
    data: { eventId: `urn:uuid:00000000-0000-4000-a000-${String(n * 2 + k).padStart(12, '0')}`, ...data },
  });
  const goods = of.map((q) => ({ lot: lot(q.lot), quantity: { value: String(q.value * 10), unit: 'KGM' } }));
  const shipmentId = `S-${n % 2}`;
  return [
    fact('GoodsShipped', 0, { from: place(from), to: place((from + 1) % 3), goods, shipmentId }),
    fact('GoodsDelivered', 1, { place: place((from + 1) % 3), shipmentId }),
  ];
};

const ownership: Unrecorded[] = [0, 1, 2].map((n) => ({
  id: uuidFromName(`place ${n}`),
  type: 'MasterDataCaptured',
  eventTime: '2026-01-01T00:00:00Z',
  data: {
    kind: 'place',
    id: `https://id.gs1.org/414/${['9521321000007', '9521321000014', '9521321000021'][n]}`,
    statedId: place(n),
    vocabularyType: 'urn:epcglobal:epcis:vtype:Location',
    attributes: [{ id: 'urn:epcglobal:cbv:owning_party', attribute: party(n % 2) }],
    statedAt: '2026-01-01T00:00:00Z',
  },
}));

/**
 * Stories with diamonds, rework, mixed and nested and reused units, serials, ties in event time, corrections, aliases, and
 * master data; in an order of arrival that has nothing to do with event time.
 */
export const stories: fc.Arbitrary<Unrecorded[]> = fc
  .record({
    steps: fc.array(step, { minLength: 4, maxLength: 14 }),
    voided: fc.uniqueArray(fc.nat(13), { maxLength: 2 }),
    aliases: fc.array(fc.record({ a: fc.nat(5), b: fc.nat(5), apart: fc.boolean() }), { maxLength: 2 }),
    deliveries: fc.array(fc.record({ of: quantities, from: at }), { maxLength: 2 }),
    withPlaces: fc.boolean(),
  })
  .chain(({ steps, voided, aliases, deliveries, withPlaces }) => {
    const bodies = steps.map((make, n) => make(n));
    const all = [
      ...bodies.map((body, n) => captured(body, n, false)),
      ...voided.flatMap((n) => (bodies[n] === undefined ? [] : [captured(bodies[n], n, true)])),
      ...aliases.flatMap(({ a, b, apart }, n) => (a === b ? [] : [identified(a, b, n, apart)])),
      ...deliveries.flatMap(({ of, from }, n) => delivered(of, from, n)),
      ...(withPlaces ? ownership : []),
    ];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
