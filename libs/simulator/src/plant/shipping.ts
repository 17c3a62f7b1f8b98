import { THOUSAND } from '../amount.js';
import { midnight } from '../calendar.js';
import { at, onTheWayTo, SCRAPPED } from '../truth/accounts.js';
import { shipmentText } from '../truth/consignments.js';
import type { Customer } from '../world/world.js';
import type { Plant } from './plant.js';
import { sumOf, type Batch } from './shelves.js';
import { contentsOf, newPallet, pack, packInCases, unpack, type Unit } from './units.js';

/** Thousandths on a full pallet. */
const PALLET = 300 * THOUSAND;
const MOST_TOTES = 40;

interface Truck {
  from: number;
  sender: number;
  to: number;
  consignee: number;
  loose: Batch[];
  units: Unit[];
  order?: string;
}

interface Sent extends Truck {
  shipment: number;
}

const loadOf = ({ loose, units }: Truck): Batch[] => [...loose, ...units.flatMap(contentsOf)];

const send = (plant: Plant, truck: Truck, due: number): Sent => {
  const { truth, world } = plant;
  const { from, to, sender, consignee, order } = truck;
  const shipment = plant.newShipment();
  plant.report({
    ...{ verb: 'ship', place: from, other: to, sender, consignee, due: midnight(due), ...(order && { order }) },
    shipment: shipmentText(world.seed, shipment),
    lines: truck.loose.map((batch) => plant.line(batch)),
    units: truck.units.map(({ id }) => id),
  });
  for (const { lot, amount } of loadOf(truck)) {
    truth.book.move(lot, at(from), onTheWayTo(to), amount);
    truth.consignments.add({ shipment, sender, consignee, lot, amount });
  }
  return { ...truck, shipment };
};

const arrive = (plant: Plant, sent: Sent): void => {
  const { truth, world } = plant;
  const { from, to, sender, consignee, shipment } = sent;
  plant.report({
    ...{ verb: 'deliver', place: to, other: from, sender, consignee },
    shipment: shipmentText(world.seed, shipment),
    lines: sent.loose.map((batch) => plant.line(batch)),
    units: sent.units.map(({ id }) => id),
  });
  for (const { lot, amount } of loadOf(sent)) truth.book.move(lot, onTheWayTo(to), at(to), amount);
};

export const shipping = (plant: Plant) => {
  const { world, scale, random, truth, shelves, clock } = plant;
  const sellable = world.items.filter(
    ({ kind }) => kind === 'finished' || kind === 'co-product' || kind === 'by-product',
  );
  const totes: Unit[] = Array.from({ length: Math.min(MOST_TOTES, scale.customers) }, (_, n) => ({
    ...{ id: world.keys.tote(n), contents: [], inner: [], reused: true },
  }));
  /** Pallets in the depot that nobody opened. */
  let closed: Unit[] = [];

  const toDepot = (): void => {
    const units: Unit[] = [];
    for (const { id } of sellable)
      for (let left = 3; left > 0; left--) {
        const goods = shelves.take(world.finished, id, PALLET, plant.fresh(6));
        if (goods.length === 0) break;
        const pallet = newPallet(plant);
        if (random.chance(0.2)) packInCases(plant, world.finished, pallet, goods);
        else pack(plant, world.finished, pallet, goods);
        units.push(pallet);
      }
    if (units.length === 0) return;
    const route = { from: world.finished, sender: world.manufacturer, to: world.depot, consignee: world.wholesaler };
    for (let first = 0; first < units.length; first += 12) {
      const sent = send(plant, { ...route, loose: [], units: units.slice(first, first + 12) }, clock.day + 3);
      plant.later(clock.day + 1, () => intoDepot(sent));
    }
  };

  const intoDepot = (sent: Sent): void => {
    arrive(plant, sent);
    for (const pallet of sent.units)
      if (random.chance(0.15)) closed.push(pallet);
      else
        for (const { lot, amount } of unpack(plant, world.depot, pallet))
          shelves.put(world.depot, truth.lots.itemOf(lot), lot, amount);
  };

  /** Pallets go on unopened, or are scrapped when they were forgotten. */
  const onward = (): void => {
    const waiting = closed;
    closed = [];
    for (const pallet of waiting) {
      const oldest = Math.min(...contentsOf(pallet).map(({ lot }) => truth.lots.expiryOf(lot)));
      if (oldest < clock.day) scrapUnit(pallet);
      else if (oldest < clock.day + 3 || random.chance(0.6)) closed.push(pallet);
      else toCustomer(random.pick(world.customers), { loose: [], units: [pallet] });
    }
  };

  const scrapUnit = (pallet: Unit): void => {
    plant.report({ verb: 'scrap', place: world.depot, lines: [], units: [pallet.id], reason: 'expired' });
    for (const { lot, amount } of contentsOf(pallet)) truth.book.move(lot, at(world.depot), SCRAPPED, amount);
  };

  const toCustomer = (customer: Customer, load: Pick<Truck, 'loose' | 'units'>, order?: string): void => {
    const route = { from: world.depot, sender: world.wholesaler, to: customer.place, consignee: customer.party };
    const sent = send(plant, { ...route, ...load, ...(order !== undefined && { order }) }, clock.day + 4);
    if (customer.reports) plant.later(clock.day + random.int(1, 2), () => atCustomer(customer, sent));
  };

  const atCustomer = (customer: Customer, sent: Sent): void => {
    arrive(plant, sent);
    const loose = [...sent.loose];
    for (const unit of sent.units)
      if (unit.reused) {
        loose.push(...unpack(plant, customer.place, unit));
        totes.push(unit);
      }
    const [back] = random.shuffled(loose);
    if (back !== undefined && random.chance(0.15))
      plant.later(clock.day + random.int(1, 6), () => comeBack(customer, back));
  };

  const comeBack = (customer: Customer, sold: Batch): void => {
    const whole = Math.floor((sold.amount * (0.2 + 0.8 * random.next())) / THOUSAND) * THOUSAND;
    if (whole === 0) return;
    const back = { lot: sold.lot, amount: whole };
    plant.report({
      ...{ verb: 'return', place: world.depot, other: customer.place, sender: customer.party },
      ...{ consignee: world.wholesaler, lines: [plant.line(back)], reason: 'not wanted' },
    });
    truth.book.move(back.lot, at(customer.place), at(world.depot), back.amount);
    truth.consignments.add({
      ...{ shipment: plant.newShipment(), sender: customer.party, consignee: world.wholesaler, ...back },
    });
    shelves.put(world.depot, truth.lots.itemOf(back.lot), back.lot, back.amount);
  };

  const sell = (customer: Customer): void => {
    const goods: Batch[] = [];
    const order = plant.newOrder();
    for (let lines = random.int(1, 3); lines > 0; lines--) {
      const { id: item } = random.pick(sellable);
      const wanted = random.int(5, 80) * THOUSAND;
      const taken = shelves.take(world.depot, item, wanted, plant.fresh(4));
      const shipped = sumOf(taken);
      if (shipped === 0) continue;
      truth.orders.push({ order, customer: customer.party, item, wanted, shipped });
      for (const { lot, amount } of taken) {
        const same = goods.find((batch) => batch.lot === lot);
        if (same === undefined) goods.push({ lot, amount });
        else same.amount += amount;
      }
    }
    if (goods.length === 0) return;
    // A tote comes back when it was emptied, and only who reports that gets one.
    const tote = customer.reports && random.chance(0.4) ? totes.shift() : undefined;
    const unit = tote ?? (random.chance(0.4) ? newPallet(plant) : undefined);
    if (unit === undefined) {
      toCustomer(customer, { loose: goods, units: [] }, order);
      return;
    }
    pack(plant, world.depot, unit, goods);
    toCustomer(customer, { loose: [], units: [unit] }, order);
  };

  return {
    work: (): void => {
      onward();
      for (const customer of world.customers) if (random.chance(0.5)) sell(customer);
      // What left on the last day would not arrive any more.
      if (clock.day < plant.days - 1) toDepot();
    },
  };
};
