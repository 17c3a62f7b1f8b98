import type { RecordedOf, ReturnReceived, ShipmentDelivered, ShipmentDispatched, ShipmentPacked } from '#contracts';
import type { Happening, Thing } from '../happening.js';
import { base } from './base.js';
import { unitReferences } from './packed-for.js';
import { canonical, thing } from './thing.js';

interface Load {
  lot: string;
  amount: { value: string; unit: string };
  unit?: string;
}

const things = (loads: readonly Load[]): Thing[] => loads.map((l) => thing(l.lot, l.amount));

/** Loads by the unit they are in. */
const byUnit = (loads: readonly Load[]): Map<string, Load[]> => {
  const units = new Map<string, Load[]>();
  for (const load of loads) {
    if (load.unit === undefined) continue;
    const unit = canonical(load.unit);
    units.set(unit, [...(units.get(unit) ?? []), load]);
  }
  return units;
};

/**
 * A movement of loads, one happening for each unit and one for what is loose: a fact that names only one of the units
 * confirms that one alone.
 */
const perUnit = (loads: readonly Load[], movement: Omit<Happening, 'things'>): Happening[] => {
  const loose = loads.filter((l) => l.unit === undefined);
  return [
    ...[...byUnit(loads).keys()].map((unit): Happening => {
      const references = unitReferences([unit], [movement.bizLocation]);
      return {
        ...movement,
        things: [{ id: unit, kind: 'unit' }],
        ...(references.length > 0 && { alsoKnownAs: references }),
      };
    }),
    ...(loose.length > 0 ? [{ ...movement, things: things(loose) }] : []),
  ];
};

export const shipmentPacked = (event: RecordedOf<typeof ShipmentPacked>): Happening[] => [
  {
    ...base(event),
    verb: 'pack',
    step: 'packing',
    bizLocation: canonical(event.data.place),
    parent: canonical(event.data.unit),
    things: things(event.data.contents),
    act: `packing:${event.data.shipment}:${canonical(event.data.unit)}`,
    commanded: true,
  },
];

export const shipmentDispatched = (event: RecordedOf<typeof ShipmentDispatched>): Happening[] => {
  const { data } = event;
  const from = canonical(data.from);
  return [
    // What a unit was loaded with is stated here too, so that its contents are known where nobody recorded the packing.
    ...[...byUnit(data.loads)].map(([unit, loads]): Happening => ({
      ...base(event),
      verb: 'contain',
      bizLocation: from,
      parent: unit,
      things: things(loads),
      act: `loading:${data.shipment}:${unit}`,
      commanded: true,
    })),
    ...perUnit(data.loads, {
      ...base(event),
      verb: 'ship',
      step: 'shipping',
      bizLocation: from,
      destination: {
        owning: canonical(data.consignee),
        ...(data.to !== undefined && { location: canonical(data.to) }),
      },
      ...(data.due !== undefined && { due: data.due }),
      act: `shipment:${data.shipment}`,
      shipment: data.shipment,
      commanded: true,
    }),
  ];
};

export const shipmentDelivered = (event: RecordedOf<typeof ShipmentDelivered>): Happening[] =>
  perUnit(event.data.loads, {
    ...base(event),
    verb: 'receive',
    step: 'receiving',
    ...(event.data.place !== undefined && { bizLocation: canonical(event.data.place) }),
    source: { location: canonical(event.data.from) },
    destination: {
      owning: canonical(event.data.consignee),
      ...(event.data.place !== undefined && { location: canonical(event.data.place) }),
    },
    act: `delivery:${event.data.shipment}`,
    shipment: event.data.shipment,
    commanded: true,
  });

/** One receiving a place. */
export const returnReceived = (event: RecordedOf<typeof ReturnReceived>): Happening[] => {
  const places = [...new Set(event.data.lines.map((l) => canonical(l.place)))];
  return places.map((place) => ({
    ...base(event),
    verb: 'receive',
    step: 'receiving',
    bizLocation: place,
    source: { owning: canonical(event.data.consignee) },
    things: things(event.data.lines.filter((l) => canonical(l.place) === place)),
    act: `return:${event.data.return}`,
    returned: true,
    commanded: true,
  }));
};
