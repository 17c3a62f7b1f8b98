import fc from 'fast-check';
import type { Leg, Membership, TransformationNode } from '../graph.js';
import { leg, transformation, type PlainGraph } from './plain-graph.js';

const LOTS = 9;
const lot = fc.integer({ min: 0, max: LOTS - 1 }).map((i) => `L${i}`);
const time = fc.integer({ min: 0, max: 30 }).map((day) => `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00`);

const amount = (mixed: boolean): fc.Arbitrary<Leg['amount'] | undefined> => {
  const kilos = fc.integer({ min: 0, max: 20 }).map((n) => ({ value: String(n), unit: 'KGM' }));
  const positive = fc.integer({ min: 1, max: 20 }).map((n) => ({ value: String(n), unit: 'KGM' }));
  return mixed
    ? fc.oneof(
        { weight: 6, arbitrary: kilos },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 5000 }).map((n) => ({ value: String(n), unit: 'GRM' })) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }).map((n) => ({ value: String(n), unit: 'EA' })) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      )
    : positive;
};

const legs = (mixed: boolean, pools: boolean): fc.Arbitrary<Leg[]> =>
  fc.array(
    fc.tuple(lot, amount(mixed), fc.integer({ min: 0, max: 11 })).map(([id, quantity, kind]) => ({
      ...leg(pools && kind === 0 ? `item-${id}` : id),
      ...(quantity && { amount: quantity }),
      ...(pools && kind === 0 && { kind: 'pool' as const, place: 'P' }),
    })),
    { minLength: 1, maxLength: 4 },
  );

const runs = (mixed: boolean, pools: boolean): fc.Arbitrary<TransformationNode[]> =>
  fc.array(fc.tuple(legs(mixed, pools), legs(mixed, pools), time), { maxLength: 12 }).map((list) =>
    list.map(([inputs, outputs, at], i) =>
      transformation(
        `T${i}`,
        inputs.map((l) => ({ ...l, at })),
        outputs.map((l) => ({ ...l, at })),
      ),
    ),
  );

const memberships: fc.Arbitrary<Membership[]> = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 0, max: 3 }), lot).map(([s, of]) => ({ serial: `S${s}`, lot: of })),
  { maxLength: 4, selector: (m) => m.serial },
);

/** Small dense graphs: diamonds, rework into own ancestors, lots filled several times and from outside. */
export const randomGraph = (
  options: { mixed?: boolean; pools?: boolean; serials?: boolean } = {},
): fc.Arbitrary<PlainGraph> =>
  fc.record({
    transformations: runs(options.mixed ?? false, options.pools ?? false),
    memberships: options.serials === true ? memberships : fc.constant([]),
    received: fc
      .uniqueArray(fc.tuple(lot, fc.integer({ min: 1, max: 30 })), { maxLength: 5, selector: ([id]) => id })
      .map((list) => Object.fromEntries(list.map(([id, n]) => [id, [{ value: String(n), unit: 'KGM' }]]))),
  });
