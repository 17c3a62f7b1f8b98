import { THOUSAND } from '../amount.js';
import { at, OUTSIDE, SCRAPPED } from '../truth/accounts.js';
import type { Supplier } from '../world/world.js';
import { carry, type Plant } from './plant.js';
import { sumOf } from './shelves.js';

/** Share of defective lots that an inspection finds. */
const FOUND_BY_INSPECTION = 0.3;

export interface Purchasing {
  /** Orders what would run out. */
  order: () => void;
}

/** @param dailyNeed thousandths of each item that production takes in a day. */
export const purchasing = (plant: Plant, dailyNeed: ReadonlyMap<number, number>): Purchasing => {
  const { world, random, shelves, clock } = plant;
  const onOrder = new Map<number, number>();
  const sellers = new Map<number, Supplier[]>();
  for (const supplier of world.suppliers)
    for (const item of supplier.items) sellers.set(item, [...(sellers.get(item) ?? []), supplier]);
  const place = (item: number, wanted: number): void => {
    const supplier = random.pick(sellers.get(item) ?? []);
    const isFirst = clock.day === 0;
    const dueOn = clock.day + (isFirst ? 0 : random.int(2, 4));
    const deliveredOn = dueOn + (!isFirst && random.chance(supplier.lateRate) ? random.int(1, 5) : 0);
    const [orderedOn, order] = [clock.day, plant.newOrder()];
    onOrder.set(item, (onOrder.get(item) ?? 0) + wanted);
    const arrive = (): void => {
      onOrder.set(item, (onOrder.get(item) ?? 0) - wanted);
      // Whole kilograms and pieces: suppliers weigh in full units.
      const whole = Math.ceil((wanted * (0.92 + 0.08 * random.next())) / THOUSAND) * THOUSAND;
      // A delivery comes in one lot or in two.
      const split = random.chance(0.3) ? Math.floor(whole / 2 / THOUSAND) * THOUSAND : 0;
      for (const delivered of [split, whole - split])
        if (delivered > 0)
          receive(plant, supplier, { order, item, orderedOn, dueOn, ordered: wanted, delivered, deliveredOn });
    };
    if (isFirst) arrive();
    else plant.later(deliveredOn, arrive);
  };
  return {
    order: () => {
      for (const [item, need] of dailyNeed) {
        const there = sumOf(shelves.on(world.store, item)) + (onOrder.get(item) ?? 0);
        if (there < 6 * need) place(item, 8 * need);
      }
    },
  };
};

interface Arriving {
  order: string;
  item: number;
  orderedOn: number;
  dueOn: number;
  deliveredOn: number;
  ordered: number;
  delivered: number;
}

const receive = (plant: Plant, supplier: Supplier, arriving: Arriving): void => {
  const { world, truth, random, clock } = plant;
  const { item, order, delivered } = arriving;
  const { shelfLifeDays } = plant.item(item);
  const share = Math.min(1, Math.max(0.2, supplier.freshness + (random.next() - 0.5) * 0.2));
  const daysLeft = Math.max(5, Math.floor(shelfLifeDays * share));
  const expiry = clock.day + daysLeft;
  const defective = random.chance(supplier.defectRate);
  const lot = truth.lots.add({
    ...{ item, production: expiry - shelfLifeDays, expiry, supplier: supplier.party, defective },
  });
  const { supplierLot } = truth.lots.get(lot);
  const batch = { lot, amount: delivered };
  plant.report({
    ...{ verb: 'receive', place: world.intake, sender: supplier.party, consignee: world.manufacturer, order },
    lines: [plant.line(batch, { production: expiry - shelfLifeDays, expiry, ...(supplierLot && { supplierLot }) })],
  });
  truth.book.move(lot, OUTSIDE, at(world.intake), delivered);
  truth.consignments.add({
    ...{ shipment: plant.newShipment(), sender: supplier.party, consignee: world.manufacturer },
    ...batch,
  });
  truth.deliveries.push({
    ...{ ...arriving, supplier: supplier.party, lot },
    ...{ agreedDays: Math.floor(shelfLifeDays * 0.6), daysLeft },
  });
  const passed = !inspected(plant, batch, defective);
  if (defective) truth.defects.push({ lot, surfacedOn: clock.day + (passed ? random.int(10, 40) : 0) });
  if (passed) carry(plant, world.intake, world.store, [batch]);
  else {
    plant.report({ verb: 'scrap', place: world.intake, lines: [plant.line(batch)], reason: 'failed inspection' });
    truth.book.move(lot, at(world.intake), SCRAPPED, delivered);
  }
};

/** @returns whether it was found to be bad. */
const inspected = (plant: Plant, batch: { lot: number; amount: number }, defective: boolean): boolean => {
  const { world, truth, random, clock } = plant;
  if (!random.chance(0.5)) return false;
  const passed = !(defective && random.chance(FOUND_BY_INSPECTION));
  truth.inspections.push({ lot: batch.lot, on: clock.day, passed });
  plant.report({ verb: 'inspect', place: world.intake, lines: [plant.line(batch)], passed });
  return !passed;
};
