import { decimal, decimalText, type Decimal } from '#kernel';

/** Sums looked at before later lots are left out of the search. */
const MOST_SUMS = 200_000;

export interface WholeLots {
  /** Indexes of the lots that make up exactly what is asked; undefined where none do. */
  chosen?: number[];
  /** The largest sum of whole lots that is no more than asked. */
  below: Decimal;
  /** The smallest that is more. */
  above?: Decimal;
  /** Set where the lots have too many sums: only so many of the first were looked at. */
  lookedAt?: number;
}

/** All as whole numbers of the smallest step that any of them has. */
const asIntegers = (values: readonly Decimal[]): { numbers: bigint[]; back: (n: bigint) => Decimal } => {
  const digits = Math.max(0, ...values.map((v) => decimalText(v).split('.')[1]?.length ?? 0));
  return {
    numbers: values.map((v) => BigInt(decimalText(v.times(decimal(`1e${digits}`))))),
    back: (n) => decimal(String(n)).times(decimal(`1e-${digits}`)),
  };
};

/** For each lot what can be made of it and those after it, up to a bound; undefined where that is too much. */
const sumsFrom = (lots: readonly bigint[], bound: bigint): Set<bigint>[] | undefined => {
  const sums: Set<bigint>[] = [new Set([0n])];
  let size = 1;
  for (const lot of [...lots].reverse()) {
    const after = sums.at(-1) ?? new Set();
    const here = new Set(after);
    for (const sum of after) if (sum + lot <= bound) here.add(sum + lot);
    sums.push(here);
    if ((size += here.size) > MOST_SUMS) return undefined;
  }
  return sums.reverse();
};

/**
 * Whole lots that add up to exactly what is asked. Of several choices the one that takes the earlier lots: the order in
 * which they are given decides.
 * @param lots what there is of each, above zero.
 */
export const wholeLots = (lots: readonly Decimal[], asked: Decimal): WholeLots => {
  const { numbers, back } = asIntegers([...lots, asked]);
  const target = numbers.pop() ?? 0n;
  let lookedAt = numbers.length;
  const bound = target + numbers.reduce((most, n) => (n > most ? n : most), 0n);
  let sums = sumsFrom(numbers, bound);
  while (sums === undefined) {
    lookedAt = Math.floor(lookedAt / 2);
    sums = sumsFrom(numbers.slice(0, lookedAt), bound);
  }
  let [below, above]: [bigint, bigint | undefined] = [0n, undefined];
  for (const sum of sums[0] ?? []) {
    if (sum <= target && sum > below) below = sum;
    if (sum > target && (above === undefined || sum < above)) above = sum;
  }
  const answer = {
    below: back(below),
    ...(above !== undefined && { above: back(above) }),
    ...(lookedAt < numbers.length && { lookedAt }),
  };
  if (below !== target) return answer;
  const chosen: number[] = [];
  let left = target;
  for (let i = 0; left > 0n && i < lookedAt; i++) {
    const lot = numbers[i] ?? 0n;
    if (sums[i + 1]?.has(left - lot) !== true) continue;
    chosen.push(i);
    left -= lot;
  }
  return { ...answer, chosen };
};
