import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Judged, tellApart } from './tell-apart.js';
import { wilsonInterval } from './wilson-interval.js';

const of = (supplier: string, bad: number, lots: number): Judged => ({ supplier, interval: wilsonInterval(bad, lots) });

const judged = fc
  .uniqueArray(
    fc.record({
      supplier: fc.string({ minLength: 1, maxLength: 3 }),
      lots: fc.integer({ min: 0, max: 500 }),
      bad: fc.nat(100),
    }),
    { selector: ({ supplier }) => supplier, maxLength: 8 },
  )
  .map((all) => all.map(({ supplier, lots, bad }) => of(supplier, Math.min(bad, lots), lots)));

describe('suppliers are told apart', () => {
  it('only where intervals do not overlap: two good lots are not better than five bad ones of a hundred', () => {
    expect(tellApart([of('two lots', 0, 2), of('hundred', 5, 100)])).toMatchObject({ best: null, worst: null });
    expect(tellApart([of('good', 0, 400), of('bad', 40, 400), of('new', 0, 3)])).toMatchObject({
      ...{ best: null, worst: null },
      suppliers: [
        { supplier: 'good', betterThan: ['bad'], worseThan: [] },
        { supplier: 'new', betterThan: [], worseThan: [] },
        { supplier: 'bad', betterThan: [], worseThan: ['good'] },
      ],
    });
    expect(tellApart([of('bad', 40, 400), of('good', 0, 400)])).toMatchObject({ best: 'good', worst: 'bad' });
  });

  it('not where there is one or none', () => {
    expect(tellApart([of('one', 0, 900)])).toMatchObject({ best: null, worst: null });
    expect(tellApart([])).toEqual({ suppliers: [], best: null, worst: null });
  });

  it('both ways alike, whatever the order they come in', () =>
    fc.assert(
      fc.property(
        judged.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const told = tellApart(all);
          expect(
            told.suppliers.map((one) => ({
              ...one,
              betterThan: one.betterThan.toSorted(),
              worseThan: one.worseThan.toSorted(),
            })),
          ).toEqual(
            tellApart(shuffled).suppliers.map((one) => ({
              ...one,
              betterThan: one.betterThan.toSorted(),
              worseThan: one.worseThan.toSorted(),
            })),
          );
          const by = new Map(told.suppliers.map((one) => [one.supplier, one]));
          for (const a of told.suppliers)
            for (const b of a.betterThan) {
              expect(by.get(b)?.worseThan).toContain(a.supplier);
              expect(a.interval.high).toBeLessThan(by.get(b)?.interval.low ?? -1);
            }
          if (told.best !== null) expect(by.get(told.best)?.betterThan).toHaveLength(all.length - 1);
          if (told.worst !== null) expect(by.get(told.worst)?.worseThan).toHaveLength(all.length - 1);
        },
      ),
    ));
});
