/** Numbers that follow from a seed and nothing else, so that a plan is the same wherever and whenever it is made. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Both ends included. */
  int(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(of: readonly T[]): T[];
}

/** FNV-1a over the names, so that neighbours in a plan draw from unrelated sequences. */
const mixed = (seed: number, names: readonly (string | number)[]): number => {
  let hash = (2_166_136_261 ^ seed) >>> 0;
  for (const character of names.join('/')) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0;
  return hash;
};

/**
 * @param seed of the whole run.
 * @param names what it is drawn for: each gets a sequence of its own, so that one part of a plan can change without the others.
 */
export const randomOf = (seed: number, ...names: readonly (string | number)[]): Random => {
  let state = mixed(seed, names);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (from) => {
      const picked = from[int(0, from.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    shuffled: <T>(of: readonly T[]): T[] => {
      const list = [...of];
      for (let at = list.length - 1; at > 0; at--) {
        const other = int(0, at);
        const moved = list[at] as T;
        list[at] = list[other] as T;
        list[other] = moved;
      }
      return list;
    },
  };
};
