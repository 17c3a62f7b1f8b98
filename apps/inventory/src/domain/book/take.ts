import { decimalText, baseUnitOf, measure, type Amount } from '#kernel';
import type { Take } from './book.js';

/** An amount of a lot at a place as commands and events state it. */
export interface StatedTake {
  lot: string;
  place: string;
  amount: Amount;
}

export const takeOf = (stated: StatedTake): Take => {
  const { value, dimension } = measure(stated.amount.value, stated.amount.unit);
  return { lot: stated.lot, place: stated.place, dimension, value };
};

export const statedOf = (take: Take): StatedTake => ({
  lot: take.lot,
  place: take.place,
  amount: { value: decimalText(take.value), unit: baseUnitOf(take.dimension) },
});

export const isSameTarget = (a: Take, b: Take): boolean =>
  a.lot === b.lot && a.place === b.place && a.dimension === b.dimension;

/** Key of what a take competes for. */
export const targetOf = (take: Take): string => `${take.lot}\n${take.place}\n${take.dimension}`;

/** One take a target, in the order they first appear. */
export const summed = (takes: readonly Take[]): Take[] => {
  const sums = new Map<string, Take>();
  for (const take of takes) {
    const key = targetOf(take);
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, value: sum.value.plus(take.value) } : take);
  }
  return [...sums.values()];
};

/** Whether both take the same amounts of the same, however they are split into lines. */
export const takesEqual = (a: readonly Take[], b: readonly Take[]): boolean => {
  const [left, right] = [summed(a), summed(b)];
  return (
    left.length === right.length &&
    left.every((take) => right.some((other) => isSameTarget(take, other) && take.value.eq(other.value)))
  );
};
