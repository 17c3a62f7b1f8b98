/** φ of one suspect in a lot; null where it cannot be known. */
export type ShareOf = (suspect: string, lot: string) => number | null;

/**
 * φ of a set of suspects from φ of each of them alone (design section 6). Mixing is linear, so φ(S) = Σ wₛ·φ(s), with
 * weights that make it 1 at every suspect, whichever suspects are made of others: Σ wₛ'·φ(s')(s) = 1. Without such
 * ties all weights are 1.
 * @returns undefined where the system cannot be solved, which unknown shares between suspects cause.
 */
export const weightsOf = (suspects: readonly string[], share: ShareOf): number[] | undefined => {
  const n = suspects.length;
  const rows = suspects.map((at) => suspects.map((of) => (of === at ? 1 : share(of, at))));
  if (rows.some((row) => row.some((value) => value === null))) return undefined;
  const m = rows.map((row) => [...(row as number[]), 1]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(m[row]?.[column] ?? 0) > Math.abs(m[pivot]?.[column] ?? 0)) pivot = row;
    const swap = m[column];
    const best = m[pivot];
    if (!swap || !best || Math.abs(best[column] ?? 0) < 1e-12) return undefined;
    m[column] = best;
    m[pivot] = swap;
    for (let row = 0; row < n; row++) {
      const line = m[row];
      const factor = (line?.[column] ?? 0) / (best[column] ?? 1);
      if (row === column || !line || factor === 0) continue;
      for (let k = column; k <= n; k++) line[k] = (line[k] ?? 0) - factor * (best[k] ?? 0);
    }
  }
  return m.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
};

/** @returns φ of all suspects together in a lot, kept between 0 and 1 against rounding; null where any part is unknown. */
export const combinedShare = (
  suspects: readonly string[],
  weights: readonly number[] | undefined,
  share: ShareOf,
  lot: string,
): number | null => {
  if (suspects.includes(lot)) return 1;
  if (!weights) return null;
  let sum = 0;
  for (const [i, suspect] of suspects.entries()) {
    const part = share(suspect, lot);
    if (part === null) return null;
    sum += part * (weights[i] ?? 1);
  }
  return Math.min(1, Math.max(0, sum));
};
