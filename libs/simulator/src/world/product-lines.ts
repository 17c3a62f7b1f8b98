import type { Builder, Item } from './world.js';

export interface Step {
  output: number;
  /** Raw materials and packaging it takes beside what the step before made. */
  ingredients: number[];
  /** Share of the input mass that becomes the output. */
  yield: number;
  /** Share of the input mass that becomes each of them. */
  coProduct?: { item: number; share: number };
  byProduct?: { item: number; share: number };
  waste?: { item: number; share: number };
  /** What may be worked in again, and into which step, this one or an earlier. */
  rework?: { item: number; share: number; into: number };
  /** The output goes into a tank that is topped up by several runs and drawn from meanwhile. */
  tank: boolean;
  /** Grams in a piece, where the output is counted. */
  gramsPerPiece?: number;
  cartons?: number;
}

/** A product with its recipe of 1 to 6 steps. */
export interface ProductLine {
  product: number;
  /** The same goods under another customer's label. */
  privateLabel: number;
  steps: Step[];
}

interface Wanted {
  count: number;
  raw: readonly Item[];
  cartons: Item;
}

const line = (builder: Builder, at: number, { raw, cartons }: Wanted): ProductLine => {
  const { random } = builder;
  const name = `product ${at + 1}`;
  // Every small plant has a line of several steps with a tank, and one that counts pieces.
  const count = at === 0 ? random.int(3, 5) : random.int(1, 6);
  const pieces = at % 3 === 2;
  const last = count - 1;
  const tankAt = at === 0 ? 0 : random.chance(0.5) ? random.int(0, count - 1) : -1;
  const shelfLife = random.int(25, 120);
  const steps: Step[] = [];
  for (let n = 0; n < count; n++) {
    const isLast = n === last;
    const output = isLast
      ? builder.item('finished', name, pieces ? 'EA' : 'KGM', shelfLife)
      : builder.item('intermediate', `${name} after step ${n + 1}`, 'KGM', random.int(8, 20));
    const ingredients = random.shuffled(raw).slice(0, n === 0 ? random.int(2, 4) : random.int(0, 1));
    const side = (kind: 'co-product' | 'by-product' | 'waste' | 'rework', most: number) => ({
      item: builder.item(kind, `${name} ${kind} of step ${n + 1}`, 'KGM', random.int(10, 30)).id,
      share: most * (0.3 + 0.7 * random.next()),
    });
    steps.push({
      output: output.id,
      ingredients: ingredients.map((item) => item.id),
      yield: 0.84 + random.next() * 0.08,
      tank: n === tankAt && !isLast,
      ...(random.chance(0.2) && { coProduct: side('co-product', 0.03) }),
      ...(random.chance(0.2) && { byProduct: side('by-product', 0.03) }),
      ...(random.chance(0.5) && { waste: side('waste', 0.03) }),
      ...((random.chance(0.4) || (at === 0 && isLast)) && {
        rework: { ...side('rework', 0.03), into: random.int(0, at === 0 ? 0 : n) },
      }),
      ...(isLast && pieces && { gramsPerPiece: random.pick([250, 500, 1000]), cartons: cartons.id }),
    });
  }
  const product = steps[last]?.output ?? 0;
  const privateLabel = builder.item('finished', `${name} private label`, pieces ? 'EA' : 'KGM', shelfLife);
  return { product, privateLabel: privateLabel.id, steps };
};

export const productLines = (builder: Builder, wanted: Wanted): ProductLine[] =>
  Array.from({ length: wanted.count }, (_, at) => line(builder, at, wanted));
