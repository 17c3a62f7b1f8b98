/** Things that come later than they are given, in the order they come. */
export interface Arrivals<T> {
  add(when: number, thing: T): void;
  /** What comes until then, in order. */
  until(when: number): Generator<T, void>;
}

/** A binary heap: as many things are held as are under way, whatever their number in all. */
export const newArrivals = <T>(): Arrivals<T> => {
  const heap: { when: number; turn: number; thing: T }[] = [];
  let turn = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [x, y] = [heap[a], heap[b]];
    return x !== undefined && (y === undefined || x.when < y.when || (x.when === y.when && x.turn < y.turn));
  };
  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]];
    if (x === undefined || y === undefined) return;
    [heap[a], heap[b]] = [y, x];
  };
  const rise = (from: number): void => {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isBefore(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = (): void => {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isBefore(right, left) ? right : left;
      if (child >= heap.length || !isBefore(child, at)) return;
      swap(at, child);
      at = child;
    }
  };
  return {
    add: (when, thing) => {
      heap.push({ when, turn: turn++, thing });
      rise(heap.length - 1);
    },
    *until(when) {
      for (let first = heap[0]; first !== undefined && first.when <= when; first = heap[0]) {
        swap(0, heap.length - 1);
        heap.pop();
        sink();
        yield first.thing;
      }
    },
  };
};
