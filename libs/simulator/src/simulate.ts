import type { Act } from './reports/act.js';
import { production } from './plant/production.js';
import { purchasing } from './plant/receiving.js';
import { newPlant } from './plant/plant.js';
import { shipping } from './plant/shipping.js';
import { warehouse } from './plant/warehouse.js';
import type { Truth } from './truth/truth.js';
import { worldOf, type World } from './world/world.js';
import { SIZES, type Size } from './world/sizes.js';

export interface Wanted {
  /** A whole number; the same seed, size and days give the same plant, acts and truth. */
  seed: number;
  size: Size;
  /** Default: those of the size. */
  days?: number;
}

export interface Simulation {
  world: World;
  /** Complete when the acts have come to their end; until then it is what has happened so far. */
  truth: Truth;
  days: number;
  /** What happened, by the time it happened, no two acts at the same moment. It can be run through once. */
  acts: Generator<Act, void>;
}

/** A manufacturer and its wholesaler at work. Nothing is kept of acts that were handed over. */
export const simulate = ({ seed, size, days = SIZES[size].days }: Wanted): Simulation => {
  const world = worldOf(seed, size);
  const plant = newPlant(world, days);
  const make = production(plant);
  const buy = purchasing(plant, make.dailyNeed);
  const [store, ship] = [warehouse(plant), shipping(plant)];
  const handOver = function* (): Generator<Act, void> {
    yield* plant.acts;
    plant.acts.length = 0;
  };
  const work = function* (): Generator<Act, void> {
    for (let day = 0; day < days; day++) {
      plant.clock.open(day);
      for (const task of plant.due(day)) {
        task();
        yield* handOver();
      }
      for (const department of [buy.order, make.work, store.work, ship.work]) {
        department();
        yield* handOver();
      }
    }
  };
  return { world, truth: plant.truth, days, acts: work() };
};
