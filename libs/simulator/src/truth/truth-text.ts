import { decimalText } from '../amount.js';
import { dayText, momentText } from '../calendar.js';
import type { InjectedError } from '../errors/label.js';
import { accountName } from './accounts.js';
import { shipmentText } from './consignments.js';
import { exposureTo, reachOf } from './exposure.js';
import type { Leg } from './runs.js';
import type { Truth } from './truth.js';

export interface TruthOptions {
  days: number;
  errors?: readonly InjectedError[];
  /** Whether to work out how much of the defective lots is in every other; that takes memory where there are millions. */
  exposure?: boolean;
}

const signed = (amount: number): string => (amount < 0 ? '-' : '') + decimalText(Math.abs(amount));

/** A list in JSON, a row a line, so that it can be read by lines where it is too long to be read at once. */
const list = function* (name: string, rows: Iterable<object>): Generator<string, void> {
  yield `,\n"${name}":[`;
  let first = true;
  for (const row of rows) {
    yield `${first ? '\n' : ',\n'}${JSON.stringify(row)}`;
    first = false;
  }
  yield ']';
};

const lots = function* ({ lots, book, world }: Truth): Generator<object, void> {
  for (let lot = 0; lot < lots.count; lot++) {
    const { id, item, code, production, expiry, supplier, supplierLot, defective } = lots.get(lot);
    yield {
      ...{ id, item: world.items[item]?.link, lotCode: code },
      ...{ production: dayText(production), expiry: dayText(expiry) },
      ...(supplier !== undefined && { supplier: world.parties[supplier]?.link, supplierLot }),
      ...(defective && { defective }),
      accounts: book.accounts(lot).flatMap(({ account, amount }): object[] => {
        if (amount === 0) return [];
        const name = accountName(account);
        const place = 'place' in name ? { place: world.places[name.place]?.link } : {};
        return [{ kind: name.kind, ...place, amount: signed(amount) }];
      }),
    };
  }
};

/** Legs of a run stand together, in the order of the runs. */
const runs = function* ({ runs, lots, world }: Truth): Generator<object, void> {
  let next = 0;
  const told = ({ lot, amount }: Leg): object => ({ lot: lots.idOf(lot), amount: decimalText(amount) });
  for (let run = 0; run < runs.count; run++) {
    const { id, kind, at, place } = runs.get(run);
    const legs: Leg[] = [];
    for (; next < runs.legs; next++) {
      const leg = runs.leg(next);
      if (leg.run !== run) break;
      legs.push(leg);
    }
    yield {
      ...{ id, kind, at: momentText(at), place: world.places[place]?.link },
      inputs: legs.filter(({ output }) => !output).map(told),
      outputs: legs.filter(({ output }) => output).map(told),
    };
  }
};

const consignments = function* ({ consignments, lots, world }: Truth): Generator<object, void> {
  for (let n = 0; n < consignments.count; n++) {
    const { shipment, sender, consignee, lot, amount } = consignments.get(n);
    yield {
      shipment: shipmentText(world.seed, shipment),
      ...{ sender: world.parties[sender]?.link, consignee: world.parties[consignee]?.link },
      ...{ lot: lots.idOf(lot), amount: decimalText(amount) },
    };
  }
};

/** Share of all defective lots together in every lot that they reach; null where it cannot be known. */
const exposure = function* (truth: Truth): Generator<object, void> {
  const suspects = truth.defects.map(({ lot }) => lot);
  const shares = exposureTo(truth, suspects);
  for (const lot of [...reachOf(truth, suspects)].sort((a, b) => a - b)) {
    const share = shares[lot] ?? 0;
    yield { lot: truth.lots.idOf(lot), share: Number.isNaN(share) ? null : share };
  }
};

/** The truth as JSON text, in pieces (docs/simulator.md has its members). */
export const truthText = function* (truth: Truth, options: TruthOptions): Generator<string, void> {
  const { world, lots: known } = truth;
  const party = (id: number): string | undefined => world.parties[id]?.link;
  const item = (id: number): string | undefined => world.items[id]?.link;
  yield `{"seed":${world.seed},"size":${JSON.stringify(world.size)},"days":${options.days}`;
  yield* list(
    'parties',
    world.parties.map(({ link, role, name }) => ({ id: link, role, name })),
  );
  yield* list(
    'places',
    world.places.map(({ link, name, party: owner }) => ({ id: link, name, party: party(owner) })),
  );
  yield* list(
    'items',
    world.items.map(({ link, kind, name, unit, shelfLifeDays }) => ({ id: link, kind, name, unit, shelfLifeDays })),
  );
  yield* list(
    'suppliers',
    world.suppliers.map(({ party: id, items, ...quality }) => ({
      party: party(id),
      ...quality,
      items: items.map(item),
    })),
  );
  yield* list('lots', lots(truth));
  yield* list('runs', runs(truth));
  yield* list('consignments', consignments(truth));
  yield* list(
    'deliveries',
    truth.deliveries.map((row) => ({
      ...{ ...row, supplier: party(row.supplier), item: item(row.item), lot: known.idOf(row.lot) },
      ...{ orderedOn: dayText(row.orderedOn), dueOn: dayText(row.dueOn), deliveredOn: dayText(row.deliveredOn) },
      ...{ ordered: decimalText(row.ordered), delivered: decimalText(row.delivered) },
    })),
  );
  yield* list(
    'inspections',
    truth.inspections.map(({ lot, on, passed }) => ({ lot: known.idOf(lot), on: dayText(on), passed })),
  );
  yield* list(
    'defects',
    truth.defects.map(({ lot, surfacedOn }) => ({ lot: known.idOf(lot), surfacedOn: dayText(surfacedOn) })),
  );
  yield* list(
    'orders',
    truth.orders.map((row) => ({
      ...{ order: row.order, customer: party(row.customer), item: item(row.item) },
      ...{ wanted: decimalText(row.wanted), shipped: decimalText(row.shipped) },
    })),
  );
  if (options.exposure === true) yield* list('exposureToDefects', exposure(truth));
  yield* list('errors', options.errors ?? []);
  yield '}\n';
};
