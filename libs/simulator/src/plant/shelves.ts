/** Loose stock of one lot. Amounts are thousandths. */
export interface Batch {
  lot: number;
  amount: number;
}

/** Loose stock as the people in the plant find it: by place and item, oldest first. */
export interface Shelves {
  put(place: number, item: number, lot: number, amount: number): void;
  /** @returns what was taken, in all `wanted` or all there is that `fits`. */
  take(place: number, item: number, wanted: number, fits: (lot: number) => boolean): Batch[];
  on(place: number, item: number): readonly Batch[];
  /** Less of a lot than thought; the amount must be there. */
  lose(place: number, item: number, lot: number, amount: number): void;
  all(): Iterable<{ place: number; item: number; batches: readonly Batch[] }>;
}

const NOTHING: readonly Batch[] = [];

export const newShelves = (items: number): Shelves => {
  const shelves = new Map<number, Batch[]>();
  const shelfOf = (place: number, item: number): Batch[] | undefined => shelves.get(place * items + item);
  const lower = (batch: Batch, amount: number): void => {
    batch.amount -= amount;
  };
  const sweep = (place: number, item: number, batches: Batch[]): void => {
    const left = batches.filter((batch) => batch.amount > 0);
    if (left.length === 0) shelves.delete(place * items + item);
    else if (left.length < batches.length) shelves.set(place * items + item, left);
  };
  return {
    put: (place, item, lot, amount) => {
      const batches = shelfOf(place, item);
      const same = batches?.find((batch) => batch.lot === lot);
      if (same !== undefined) same.amount += amount;
      else if (batches === undefined) shelves.set(place * items + item, [{ lot, amount }]);
      else batches.push({ lot, amount });
    },
    take: (place, item, wanted, fits) => {
      const batches = shelfOf(place, item) ?? [];
      const taken: Batch[] = [];
      let left = wanted;
      for (const batch of batches) {
        if (left <= 0) break;
        if (!fits(batch.lot)) continue;
        const amount = Math.min(batch.amount, left);
        taken.push({ lot: batch.lot, amount });
        lower(batch, amount);
        left -= amount;
      }
      if (taken.length > 0) sweep(place, item, batches);
      return taken;
    },
    on: (place, item) => shelfOf(place, item) ?? NOTHING,
    lose: (place, item, lot, amount) => {
      const batches = shelfOf(place, item) ?? [];
      const batch = batches.find((each) => each.lot === lot);
      if (batch === undefined || batch.amount < amount) throw new RangeError(`lot ${lot} has less than ${amount}`);
      lower(batch, amount);
      sweep(place, item, batches);
    },
    *all() {
      for (const [key, batches] of shelves)
        yield { place: Math.floor(key / items), item: key % items, batches: [...batches] };
    },
  };
};

export const sumOf = (batches: readonly Batch[]): number => batches.reduce((sum, { amount }) => sum + amount, 0);
