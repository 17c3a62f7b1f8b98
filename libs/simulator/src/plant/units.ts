import { ssccLink } from '../world/keys.js';
import type { Plant } from './plant.js';
import type { Batch } from './shelves.js';

/** A logistic unit and what is in it. */
export interface Unit {
  id: string;
  contents: Batch[];
  inner: Unit[];
  /** Used again when it is empty. */
  reused: boolean;
}

export const contentsOf = (unit: Unit): Batch[] => [...unit.contents, ...unit.inner.flatMap(contentsOf)];

export const newPallet = (plant: Plant): Unit => ({
  id: ssccLink(plant.world.keys.sscc(plant.newUnit())),
  ...{ contents: [], inner: [], reused: false },
});

/** Puts loose goods into a unit where they lie; the shelf has given them already. */
export const pack = (plant: Plant, place: number, unit: Unit, goods: readonly Batch[]): void => {
  plant.report({ verb: 'pack', place, unit: unit.id, lines: goods.map((batch) => plant.line(batch)) });
  unit.contents.push(...goods);
};

/** Goods in cases, the cases on a pallet. */
export const packInCases = (plant: Plant, place: number, pallet: Unit, goods: readonly Batch[]): void => {
  for (const batch of goods) {
    const box = newPallet(plant);
    pack(plant, place, box, [batch]);
    pallet.inner.push(box);
  }
  plant.report({ verb: 'pack', place, unit: pallet.id, lines: [], units: pallet.inner.map(({ id }) => id) });
};

/** Takes everything out, with a list of it or without, boxes one by one. @returns the goods, loose now. */
export const unpack = (plant: Plant, place: number, unit: Unit): Batch[] => {
  const goods = contentsOf(unit);
  const listed = unit.inner.length > 0 || plant.random.chance(0.5);
  plant.report({
    ...{ verb: 'unpack', place, unit: unit.id },
    lines: listed ? unit.contents.map((batch) => plant.line(batch)) : [],
    ...(unit.inner.length > 0 && { units: unit.inner.map(({ id }) => id) }),
  });
  for (const box of unit.inner) unpack(plant, place, box);
  [unit.contents, unit.inner] = [[], []];
  return goods;
};
