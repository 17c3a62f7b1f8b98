import fc from 'fast-check';
import type { Happening, MasterData, Party, Thing, Verb } from '../../happening.js';
import { happening, lot, masterOf, minute, serial, unit } from './builders.js';

/** Two sites of party a, one of b and one of c, and a place master data does not know. */
export const randomMaster: MasterData = masterOf('A @a', 'A1 <A', 'A2 <A', 'A9 @a', 'B @b', 'B1 <B', 'C @c');
export const LOT = 'L';
const PLACES = ['A1', 'A2', 'A9', 'B1', 'B', 'C', 'X'];
const UNITS = ['U1', 'U2', 'U3'];
const SERIALS = ['S1', 'S2', 'S3'];

const place = fc.constantFrom(...PLACES);
const where = fc.oneof(
  { weight: 8, arbitrary: place.map((bizLocation) => ({ bizLocation })) },
  { weight: 1, arbitrary: fc.tuple(place, place).map(([readPoint, bizLocation]) => ({ readPoint, bizLocation })) },
  { weight: 1, arbitrary: place.map((readPoint) => ({ readPoint })) },
  { weight: 1, arbitrary: fc.constant({}) },
);

const quantity = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 20 }).map((n) => `${n} KGM`) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }).map((n) => `${n * 500} GRM`) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }).map((n) => `${n}`) },
);
const theLot: fc.Arbitrary<Thing> = fc.oneof(
  { weight: 12, arbitrary: quantity.map((q) => lot(LOT, q)) },
  { weight: 1, arbitrary: fc.constant(lot(LOT)) },
);
const other: fc.Arbitrary<Thing> = quantity.map((q) => lot('M', q));
const aUnit: fc.Arbitrary<Thing> = fc.constantFrom(...UNITS).map(unit);
const aSerial: fc.Arbitrary<Thing> = fc.constantFrom(...SERIALS).map((id) => serial(id, LOT));

const things = (serials: boolean): fc.Arbitrary<Thing[]> =>
  fc.array(
    fc.oneof(
      { weight: 8, arbitrary: theLot },
      { weight: 4, arbitrary: aUnit },
      ...(serials ? [{ weight: 2, arbitrary: aSerial }] : []),
      { weight: 1, arbitrary: other },
    ),
    { minLength: 1, maxLength: 2 },
  );

const somewhere: fc.Arbitrary<Party | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom('a', 'b', 'c').map((owning) => ({ owning })),
  place.map((location) => ({ location })),
  fc.tuple(place, fc.constantFrom('a', 'b', 'c')).map(([location, owning]) => ({ location, owning })),
);

const VERBS: readonly (readonly [Verb, number])[] = [
  ['make', 5],
  ['receive', 6],
  ['ship', 6],
  ['unship', 1],
  ['observe', 4],
  ['count', 1],
  ['consume', 3],
  ['sell', 1],
  ['scrap', 1],
  ['pack', 4],
  ['unpack', 3],
  ['contain', 2],
  ['transform', 1],
];
const verb = fc.oneof(...VERBS.map(([v, weight]) => ({ weight, arbitrary: fc.constant(v) })));

/** One random happening; `id` comes later, so that ties in time are decided by ids in another order than the list's. */
const one = (serials: boolean): fc.Arbitrary<Omit<Happening, 'id' | 'logId'>> =>
  fc
    .record({
      verb,
      minutes: fc.integer({ min: 0, max: 150 }),
      where,
      things: things(serials),
      none: fc.integer({ min: 0, max: 2 }),
      outputs: things(serials),
      parent: fc.constantFrom(...UNITS),
      source: somewhere,
      destination: somewhere,
      shipment: fc.option(fc.constantFrom('s1', 's2'), { nil: undefined, freq: 8 }),
    })
    .map((r) => {
      const parties = r.verb === 'receive' || r.verb === 'ship' || r.verb === 'observe';
      const aggregation = r.verb === 'pack' || r.verb === 'unpack' || r.verb === 'contain';
      const {
        id: _,
        logId: __,
        ...said
      } = happening('', r.verb, minute(r.minutes - (r.minutes % 3)), r.things, {
        ...r.where,
        ...(aggregation && { parent: r.parent }),
        // An unpacking without a list is the common one.
        ...(r.verb === 'unpack' && r.none > 0 && { things: [] }),
        ...(r.verb === 'contain' && r.none > 1 && { things: [] }),
        ...(r.verb === 'transform' && { outputs: r.outputs, transformation: 't' }),
        ...(parties && r.source && (r.verb !== 'observe' || r.none > 1) && { source: r.source }),
        ...(parties && r.destination && r.verb !== 'observe' && { destination: r.destination }),
        ...((r.verb === 'receive' || r.verb === 'ship') && r.shipment !== undefined && { shipment: r.shipment }),
      });
      return said;
    });

/** Random facts of one lot: units nested and reused, pieces with serials, ties in time, every kind of gap. */
export const randomHappenings = (options: { max: number; serials: boolean }): fc.Arbitrary<Happening[]> =>
  fc.array(one(options.serials), { minLength: 1, maxLength: options.max, size: 'max' }).chain((list) =>
    fc
      .shuffledSubarray(
        list.map((_, i) => i),
        { minLength: list.length, maxLength: list.length },
      )
      .map((ids) =>
        list.map((h, i) => {
          const id = `e${String(ids[i]).padStart(3, '0')}`;
          return { ...h, id, logId: `log-${id}` };
        }),
      ),
  );
