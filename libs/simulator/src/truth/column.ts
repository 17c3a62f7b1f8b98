/** Numbers in a row without an object for each, so that the truth about millions of lots fits in memory. */
export interface Column {
  readonly length: number;
  get: (at: number) => number;
  set: (at: number, value: number) => void;
  add: (at: number, value: number) => void;
  /** @returns where it stands. */
  push: (value: number) => number;
}

type Values = Float64Array | Int32Array;

/** @param of what fits: whole numbers of 32 bits, or any (amounts and times). */
export const column = (of: 'int32' | 'float64'): Column => {
  const made = (size: number): Values => (of === 'int32' ? new Int32Array(size) : new Float64Array(size));
  let values = made(1024);
  let length = 0;
  const held = (at: number): number => {
    if (at < 0 || at >= length) throw new RangeError(`row ${at} of ${length}`);
    return values[at] ?? 0;
  };
  return {
    get length() {
      return length;
    },
    get: held,
    set: (at, value) => {
      held(at);
      values[at] = value;
    },
    add: (at, value) => {
      values[at] = held(at) + value;
    },
    push: (value) => {
      if (length === values.length) {
        const grown = made(length * 2);
        grown.set(values);
        values = grown;
      }
      values[length] = value;
      return length++;
    },
  };
};
