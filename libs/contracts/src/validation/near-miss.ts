/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((current[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? a.length;
};

/**
 * The word that was probably meant: the nearest of the candidates, case aside, if no more than a third of it differs or
 * one is the beginning of the other. Words much longer than any candidate are not looked at, so that hostile input costs
 * nothing.
 */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  let best: { candidate: string; distance: number } | undefined;
  const lower = word.toLowerCase();
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const shorter = Math.min(word.length, candidate.length);
    if (Math.abs(candidate.length - word.length) > 5) continue;
    const begins = shorter >= 3 && (lower.startsWith(other) || other.startsWith(lower));
    const d = distance(lower, other);
    if ((begins || d <= Math.max(1, Math.floor(candidate.length / 3))) && (best === undefined || d < best.distance))
      best = { candidate, distance: d };
  }
  return best?.candidate;
};
