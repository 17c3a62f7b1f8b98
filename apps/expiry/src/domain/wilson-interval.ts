/** Of all intervals computed so, this share holds the true one. */
export const CONFIDENCE = 0.95;

/** The quantile of the standard normal distribution that belongs to it, two-sided. */
const Z = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

const within = (share: number): number => Math.min(1, Math.max(0, share));

/**
 * The Wilson score interval of a share (E. B. Wilson, 1927; method 3 of Newcombe, 1998). It stays between 0 and 1 and is
 * wide where little was seen: two good lots of two leave room for 66 % bad ones.
 * @param hits whole number, at most `of`. @returns the whole range where nothing was seen.
 */
export const wilsonInterval = (hits: number, of: number): Interval => {
  if (of === 0) return { low: 0, high: 1 };
  const share = hits / of;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of))) / (1 + z2 / of);
  // At the ends the two are equal, which arithmetic does not quite tell.
  return { low: hits === 0 ? 0 : within(centre - half), high: hits === of ? 1 : within(centre + half) };
};
