import { describe, expect, it } from '@jest/globals';
import { worldOf } from '../world/world.js';
import { exposureTo, reachOf } from './exposure.js';
import { familiesOf } from './family.js';
import { newTruth, type Truth } from './truth.js';

/** Lots A, B, … by weight, and runs of them: "A 1 + B 3 > C 4". A lot written small is counted in pieces. */
const mixed = (
  ...runs: string[]
): { truth: Truth; lot: (name: string) => number; shares: (...of: string[]) => object } => {
  const world = worldOf(1, 'small');
  const truth = newTruth(world);
  const [weight, pieces] = ['KGM', 'EA'].map((unit) => world.items.findIndex((item) => item.unit === unit));
  const lots = new Map<string, number>();
  const lot = (name: string): number => {
    const item = (name === name.toLowerCase() ? pieces : weight) ?? 0;
    const known = lots.get(name) ?? truth.lots.add({ item, production: 0, expiry: 9, defective: false });
    lots.set(name, known);
    return known;
  };
  for (const text of runs) {
    const run = truth.runs.add({ kind: 'production', at: 0, place: 0 });
    text.split(' > ').forEach((side, n) => {
      for (const leg of side.split(' + ')) {
        const [name = '', amount = ''] = leg.split(' ');
        truth.runs.addLeg({ run, lot: lot(name), amount: Number(amount), output: n === 1 });
      }
    });
  }
  const shares = (...of: string[]): object => {
    const found = exposureTo(truth, of.map(lot));
    return Object.fromEntries([...lots].map(([name, n]) => [name, Number((found[n] ?? 0).toFixed(9))]));
  };
  return { truth, lot, shares };
};

describe('the share of suspects in every lot', () => {
  it('is the average of the inputs by amount, and of the fillings', () => {
    expect(mixed('A 1 + B 3 > C 4', 'C 2 > D 2', 'B 6 > D 6').shares('A')).toEqual({ A: 1, B: 0, C: 0.25, D: 0.0625 });
  });

  it('counts several suspects together, and a suspect that is made of others as all bad', () => {
    expect(mixed('A 1 + B 3 > C 4', 'C 1 + B 1 > D 2').shares('A', 'C')).toEqual({ A: 1, B: 0, C: 1, D: 0.5 });
  });

  it('is solved where a lot goes into its own ancestor', () => {
    // T = (10 A + 10 W) / 20 and W = T, so T = A.
    expect(mixed('A 10 + W 10 > T 20', 'T 20 > W 15').shares('A')).toEqual({ A: 1, T: 1, W: 1 });
    expect(mixed('A 10 + B 30 > T 40', 'T 20 > W 10', 'W 10 + B 10 > T 20').shares('A')).toEqual({
      ...{ A: 1, B: 0 },
      ...{ T: 0.2, W: 0.2 },
    });
  });

  it('is not known through another unit, and nowhere behind; where there is nothing of it, it is none', () => {
    expect(mixed('A 1 + b 3 > C 4', 'C 1 > D 1').shares('b')).toEqual({ A: 0, b: 1, C: NaN, D: NaN });
    expect(mixed('A 1 + b 3 > C 4', 'C 1 > D 1').shares('A')).toEqual({ A: 1, b: 0, C: 1, D: 1 });
  });
});

it('reach and family follow the runs', () => {
  const { truth, lot } = mixed('A 1 + B 3 > C 4', 'A 2 > C 1 + D 1', 'D 1 > E 1');
  expect([...reachOf(truth, [lot('D')])].sort()).toEqual([lot('D'), lot('E')]);
  const families = familiesOf(truth);
  expect(families.get(lot('C'))?.parents).toEqual(
    new Map([
      [lot('A'), 3],
      [lot('B'), 3],
    ]),
  );
  expect(families.get(lot('A'))?.children).toEqual(
    new Map([
      [lot('C'), 5],
      [lot('D'), 1],
    ]),
  );
});
