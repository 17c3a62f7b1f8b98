import type { Interval } from './wilson-interval.js';

/** A supplier and the interval of its share of defective lots. */
export interface Judged {
  supplier: string;
  interval: Interval;
}

export interface Compared<T extends Judged> {
  /** In order of the lower bound, the surest bad one last. */
  suppliers: (T & { betterThan: string[]; worseThan: string[] })[];
  /** The one that is better than every other; null where the record cannot tell. */
  best: string | null;
  worst: string | null;
}

const isBetter = (a: Judged, b: Judged): boolean => a.interval.high < b.interval.low;

const order = (a: Judged, b: Judged): number =>
  a.interval.low - b.interval.low ||
  a.interval.high - b.interval.high ||
  (a.supplier < b.supplier ? -1 : a.supplier > b.supplier ? 1 : 0);

/**
 * Who is better than whom: only where the intervals do not overlap. That asks for more than a test of the two would (it errs
 * on the side of saying nothing), and is what can be seen in a chart.
 */
export const tellApart = <T extends Judged>(judged: readonly T[]): Compared<T> => {
  const suppliers = judged.toSorted(order).map((one) => ({
    ...one,
    betterThan: judged.filter((other) => isBetter(one, other)).map(({ supplier }) => supplier),
    worseThan: judged.filter((other) => isBetter(other, one)).map(({ supplier }) => supplier),
  }));
  const others = judged.length - 1;
  const only = (found: Judged | undefined): string | null => (others > 0 && found ? found.supplier : null);
  return {
    suppliers,
    best: only(suppliers.find(({ betterThan }) => betterThan.length === others)),
    worst: only(suppliers.find(({ worseThan }) => worseThan.length === others)),
  };
};
