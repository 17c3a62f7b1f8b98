import { THOUSAND } from '../amount.js';
import type { Act, Line } from '../reports/act.js';
import { at, CONSUMED, MADE } from '../truth/accounts.js';
import type { RunKind } from '../truth/runs.js';
import type { ProductLine, Step } from '../world/product-lines.js';
import { carry, type Plant } from './plant.js';
import { sumOf, type Batch } from './shelves.js';

/** Grams that a production order of a line starts with, on average. */
export const ORDER_GRAMS = 400 * THOUSAND;
/** Share of what goes into a later step that comes from the step before. */
const FROM_BEFORE = 0.9;
const PIECES_PER_CARTON = 10;
const MOST_FILLINGS = 6;

/** A made or consumed amount, in the truth and nowhere else. */
export const consumed = ({ truth }: Plant, run: number, place: number, batches: readonly Batch[]): void => {
  for (const { lot, amount } of batches) {
    truth.book.move(lot, at(place), CONSUMED, amount);
    truth.runs.addLeg({ run, lot, amount, output: false });
  }
};
export const made = ({ truth }: Plant, run: number, place: number, batches: readonly Batch[]): void => {
  for (const { lot, amount } of batches) {
    truth.book.move(lot, MADE, at(place), amount);
    truth.runs.addLeg({ run, lot, amount, output: true });
  }
};

interface Tank {
  lot: number;
  fillings: number;
}

export interface Production {
  /** What the recipes take in a day of each purchased item, in thousandths. */
  dailyNeed: ReadonlyMap<number, number>;
  work: () => void;
}

export const production = (plant: Plant): Production => {
  const { world, scale, random } = plant;
  const tanks = new Map<Step, Tank>();
  return {
    dailyNeed: dailyNeed(plant),
    work: () => {
      for (const line of world.lines) {
        const whole = Math.floor(scale.ordersPerDay);
        const orders = whole + (random.chance(scale.ordersPerDay - whole) ? 1 : 0);
        for (let n = 0; n < orders; n++) produce(plant, line, tanks);
      }
    },
  };
};

const dailyNeed = ({ world, scale }: Plant): Map<number, number> => {
  const need = new Map<number, number>();
  const add = (item: number, amount: number): void => {
    need.set(item, (need.get(item) ?? 0) + Math.ceil(amount * scale.ordersPerDay));
  };
  for (const { steps } of world.lines) {
    let grams = ORDER_GRAMS;
    for (const [n, step] of steps.entries()) {
      const fresh = n === 0 ? grams : grams * (1 - FROM_BEFORE);
      for (const item of step.ingredients) add(item, fresh / step.ingredients.length);
      if (step.cartons !== undefined)
        add(step.cartons, (grams / (step.gramsPerPiece ?? THOUSAND) / PIECES_PER_CARTON) * THOUSAND);
      grams *= step.yield;
    }
  }
  return need;
};

/** One production order, through as many steps as there is enough for. */
const produce = (plant: Plant, line: ProductLine, tanks: Map<Step, Tank>): void => {
  let wanted = Math.floor(ORDER_GRAMS * (0.6 + 0.8 * plant.random.next()));
  for (const [n, step] of line.steps.entries()) {
    const before = line.steps[n - 1];
    const inputs = gather(plant, line, n, wanted, before);
    if (inputs === undefined) return;
    wanted = runStep(plant, step, inputs, tanks);
  }
};

interface Inputs {
  /** In the store. */
  stored: Batch[];
  /** In the hall: of the step before, and rework. */
  inHall: Batch[];
  reworked: boolean;
}

/** @returns undefined where there is not enough to start. */
const gather = (
  plant: Plant,
  line: ProductLine,
  n: number,
  wanted: number,
  before: Step | undefined,
): Inputs | undefined => {
  const { world, shelves } = plant;
  const fresh = plant.fresh(2);
  const step = line.steps[n];
  if (step === undefined) return undefined;
  const main = before === undefined ? [] : shelves.take(world.hall, before.output, wanted, fresh);
  if (before !== undefined && sumOf(main) === 0) return undefined;
  const share = before === undefined ? wanted : Math.floor((sumOf(main) * (1 - FROM_BEFORE)) / FROM_BEFORE);
  const stored = step.ingredients.flatMap((item) =>
    shelves.take(world.store, item, Math.floor(share / step.ingredients.length), fresh),
  );
  if (before === undefined && sumOf(stored) < wanted / 4) {
    for (const { lot, amount } of stored) shelves.put(world.store, plant.truth.lots.itemOf(lot), lot, amount);
    return undefined;
  }
  const rework = line.steps.flatMap((each) =>
    each.rework?.into === n ? shelves.take(world.hall, each.rework.item, Math.floor(wanted / 5), fresh) : [],
  );
  return { stored, inHall: [...main, ...rework], reworked: rework.length > 0 };
};

interface Made extends Batch {
  role?: 'co-product' | 'by-product' | 'waste';
}

/** @returns grams of the output. */
const runStep = (plant: Plant, step: Step, inputs: Inputs, tanks: Map<Step, Tank>): number => {
  const { world, truth, random, shelves, clock } = plant;
  const { store } = world;
  const grams = sumOf(inputs.stored) + sumOf(inputs.inHall);
  const product = Math.floor(grams * (step.yield - 0.04 * random.next()));
  const pieces = step.gramsPerPiece === undefined ? 0 : Math.floor(product / step.gramsPerPiece);
  const cartons =
    step.cartons === undefined
      ? []
      : shelves.take(store, step.cartons, Math.ceil(pieces / PIECES_PER_CARTON) * THOUSAND, plant.fresh(2));
  const stored = [...inputs.stored, ...cartons];
  const amount = step.gramsPerPiece === undefined ? product : pieces * THOUSAND;
  if (amount === 0) throw new RangeError('a run makes something');

  const tank = step.tank ? tankOf(plant, step, tanks) : undefined;
  const expiry = clock.day + plant.item(step.output).shelfLifeDays;
  const add = (item: number): number => truth.lots.add({ item, production: clock.day, expiry, defective: false });
  const side = (of: { item: number; share: number } | undefined, role?: Made['role']): Made[] => {
    const weight = of === undefined ? 0 : Math.floor(grams * of.share * (0.5 + 0.5 * random.next()));
    return of === undefined || weight === 0 ? [] : [{ lot: add(of.item), amount: weight, ...(role && { role }) }];
  };
  const outputs: Made[] = [
    { lot: tank?.lot ?? add(step.output), amount },
    ...side(step.coProduct, 'co-product'),
    ...side(step.byProduct, 'by-product'),
    ...side(step.waste, 'waste'),
    ...side(step.rework),
  ];
  // A tank is filled for days: it has no day of production, and keeps the date it got first.
  const isTopUp = tank !== undefined && tank.fillings > 1;
  const dates = (batch: Made): Partial<Line> =>
    tank?.lot === batch.lot
      ? isTopUp
        ? {}
        : { expiry }
      : { expiry, ...(tank === undefined && { production: clock.day }) };
  const nativeOnly = isTopUp && outputs.length > 1;
  const fromStore = inputs.inHall.length === 0 && !nativeOnly && random.chance(0.5);
  if (!fromStore) stage(plant, stored);
  report(plant, {
    kind: inputs.reworked ? 'rework' : 'production',
    inputs: [...inputs.inHall, ...stored],
    outputs,
    lines: outputs.map((batch) => plant.line(batch, { ...dates(batch), ...(batch.role && { role: batch.role }) })),
    ...(fromStore && { from: store }),
    ...((fromStore || nativeOnly) && { form: fromStore ? ('epcis' as const) : ('native' as const) }),
  });
  putAway(plant, step, outputs);
  return product;
};

const tankOf = (plant: Plant, step: Step, tanks: Map<Step, Tank>): Tank => {
  const { truth, clock } = plant;
  const held = tanks.get(step);
  const isUsable = held !== undefined && held.fillings < MOST_FILLINGS && plant.fresh(4)(held.lot);
  const tank = isUsable
    ? held
    : {
        lot: truth.lots.add({
          ...{ item: step.output, production: clock.day, defective: false },
          expiry: clock.day + plant.item(step.output).shelfLifeDays,
        }),
        fillings: 0,
      };
  tank.fillings += 1;
  tanks.set(step, tank);
  return tank;
};

/** Brings what is needed to the hall: all at once, or each lot by itself. */
const stage = (plant: Plant, stored: readonly Batch[]): void => {
  const { world, random } = plant;
  const together = random.chance(0.4);
  if (together) carry(plant, world.store, world.hall, stored, false);
  else for (const batch of stored) carry(plant, world.store, world.hall, [batch], false);
};

interface Reported {
  kind: RunKind;
  inputs: readonly Batch[];
  outputs: readonly Made[];
  lines: Line[];
  from?: number;
  form?: Act['form'];
}

/** A run is reported at its end, or what it took first and what it made later, as one transformation. */
const report = (plant: Plant, { kind, inputs, outputs, lines, from, form }: Reported): void => {
  const { world, truth, random, clock } = plant;
  const run = truth.runs.add({ kind, at: clock.next(), place: world.hall });
  const shared = {
    ...{ verb: 'run' as const, place: world.hall, run: truth.runs.get(run).id, runKind: kind },
    ...(form && { form }),
  };
  const taken = inputs.map((batch) => plant.line(batch));
  const source = from === undefined ? {} : { other: from };
  if (random.chance(0.25)) {
    plant.report({ ...shared, ...source, lines: taken, outputs: [] });
    plant.report({ ...shared, lines: [], outputs: lines });
  } else plant.report({ ...shared, ...source, lines: taken, outputs: lines });
  consumed(plant, run, from ?? world.hall, inputs);
  made(plant, run, world.hall, outputs);
};

/** Sellable goods go to the finished store, the rest waits in the hall. */
const putAway = (plant: Plant, step: Step, outputs: readonly Made[]): void => {
  const { world, truth, shelves } = plant;
  for (const batch of outputs) {
    const { kind } = plant.item(truth.lots.itemOf(batch.lot));
    const sells = kind === 'finished' || kind === 'co-product' || kind === 'by-product';
    if (sells) carry(plant, world.hall, world.finished, [batch]);
    else shelves.put(world.hall, truth.lots.itemOf(batch.lot), batch.lot, batch.amount);
  }
};
