import { randomOf, type Random } from '../random.js';
import type { Act, Line } from '../reports/act.js';
import { at } from '../truth/accounts.js';
import { newTruth, type Truth } from '../truth/truth.js';
import { SIZES, type Scale } from '../world/sizes.js';
import type { Item, World } from '../world/world.js';
import { newClock, type Clock } from './clock.js';
import { newShelves, type Batch, type Shelves } from './shelves.js';

/** What happens later. */
export type Task = () => void;

/** What the departments of the plant share. */
export interface Plant {
  world: World;
  /** How many are simulated. */
  days: number;
  scale: Scale;
  truth: Truth;
  random: Random;
  shelves: Shelves;
  clock: Clock;
  /** Acts reported since they were last taken away. */
  acts: Act[];
  /** Reports what was done, now. */
  report: (act: Omit<Act, 'id' | 'at' | 'form'> & { form?: Act['form'] }) => number;
  /** @param day a day to come; what is due on the last days of a simulation may not happen any more. */
  later(day: number, task: Task): void;
  /** Tasks of a day, which are then forgotten. */
  due(day: number): Task[];
  newShipment(): number;
  newUnit(): number;
  newOrder(): string;
  item(id: number): Item;
  line(batch: Batch, more?: Partial<Line>): Line;
  /** Whether a lot may still be used today and for some days more. */
  fresh(daysMore?: number): (lot: number) => boolean;
}

/** Facts that no native type says. */
const EPCIS_ONLY = new Set(['inspect', 'count']);

export const newPlant = (world: World, days: number): Plant => {
  const truth = newTruth(world);
  const random = randomOf(world.seed, 'plant');
  const clock = newClock(randomOf(world.seed, 'clock'));
  const tasks = new Map<number, Task[]>();
  const acts: Act[] = [];
  let [nextAct, nextShipment, nextUnit, nextOrder] = [0, 0, 0, 0];
  // Systems differ in what they speak, and plants in how many of them are modern.
  const epcisShare = randomOf(world.seed, 'systems').pick([0.2, 0.5, 0.8]);
  const plant: Plant = {
    ...{ world, days, scale: SIZES[world.size], truth, random, clock, acts },
    shelves: newShelves(world.items.length),
    report: (act) => {
      const form = act.form ?? (EPCIS_ONLY.has(act.verb) || random.chance(epcisShare) ? 'epcis' : 'native');
      const when = clock.next();
      acts.push({ ...act, id: nextAct++, at: when, form });
      return when;
    },
    later: (day, task) => {
      const list = tasks.get(day);
      if (list === undefined) tasks.set(day, [task]);
      else list.push(task);
    },
    due: (day) => {
      const list = tasks.get(day) ?? [];
      tasks.delete(day);
      return list;
    },
    newShipment: () => nextShipment++,
    newUnit: () => nextUnit++,
    newOrder: () => `O${world.seed}-${nextOrder++}`,
    item: (id) => {
      const item = world.items[id];
      if (item === undefined) throw new RangeError(`no item ${id}`);
      return item;
    },
    line: ({ lot, amount }, more) => {
      const item = truth.lots.itemOf(lot);
      return { lot, item, code: truth.lots.codeOf(lot), amount, unit: plant.item(item).unit, ...more };
    },
    fresh:
      (daysMore = 1) =>
      (lot) =>
        truth.lots.expiryOf(lot) >= clock.day + daysMore,
  };
  return plant;
};

/** A move within a site. @returns when. */
export const carry = (plant: Plant, from: number, to: number, batches: readonly Batch[], put = true): void => {
  if (batches.length === 0) return;
  const { truth, shelves } = plant;
  // A storing event says how much is there afterwards, a native one how much was moved. The two are only the same where
  // nothing of the lot was there, and an observation cannot say where from.
  const isFirst = batches.every(
    ({ lot, amount }) => truth.book.balance(lot, at(to)) === 0 && truth.book.balance(lot, at(from)) >= amount,
  );
  plant.report({
    ...{ verb: 'move', place: to, other: from, lines: batches.map((batch) => plant.line(batch)) },
    ...(!isFirst && { form: 'native' as const }),
  });
  for (const { lot, amount } of batches) {
    truth.book.move(lot, at(from), at(to), amount);
    if (put) shelves.put(to, truth.lots.itemOf(lot), lot, amount);
  }
};
