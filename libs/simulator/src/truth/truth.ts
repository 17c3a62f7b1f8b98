import type { World } from '../world/world.js';
import { bookOf, type Book } from './book.js';
import { consignmentsOf, type Consignments } from './consignments.js';
import { lotsOf, type Lots } from './lots.js';
import { runsOf, type Runs } from './runs.js';

/** A supplier's delivery against what was ordered. Days count from the first of the simulation, amounts are thousandths. */
export interface Delivery {
  order: string;
  supplier: number;
  item: number;
  lot: number;
  orderedOn: number;
  dueOn: number;
  deliveredOn: number;
  ordered: number;
  delivered: number;
  /** Days until expiry that were agreed to be left at the door, and that were. */
  agreedDays: number;
  daysLeft: number;
}

export interface Inspection {
  lot: number;
  on: number;
  passed: boolean;
}

/** When it came out that a supplier's lot is bad. */
export interface Defect {
  lot: number;
  surfacedOn: number;
}

export interface Order {
  order: string;
  customer: number;
  item: number;
  wanted: number;
  shipped: number;
}

/**
 * What really happened in the plant, written down while it acts and by nothing else: no code of the product that is tested
 * with it has a part in it.
 */
export interface Truth {
  world: World;
  lots: Lots;
  book: Book;
  runs: Runs;
  consignments: Consignments;
  deliveries: Delivery[];
  inspections: Inspection[];
  defects: Defect[];
  orders: Order[];
}

export const newTruth = (world: World): Truth => ({
  world,
  lots: lotsOf(world),
  book: bookOf(),
  runs: runsOf(world.seed),
  consignments: consignmentsOf(),
  deliveries: [],
  inspections: [],
  defects: [],
  orders: [],
});
