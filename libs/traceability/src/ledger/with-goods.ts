import type { Happening, Thing } from '../happening.js';
import { inLedgerOrder } from './order.js';

/** An arrival that names a shipment and no goods is of all that was shipped under it. */
export const withGoods = (happenings: readonly Happening[]): Happening[] => {
  const shipped = new Map<string, Thing[]>();
  const departures = happenings.filter((h) => h.verb === 'ship' && h.shipment !== undefined);
  for (const { shipment = '', things } of departures.sort(inLedgerOrder))
    shipped.set(shipment, [...(shipped.get(shipment) ?? []), ...things]);
  return happenings.map((h) =>
    h.verb === 'receive' && h.things.length === 0 && h.shipment !== undefined
      ? { ...h, things: shipped.get(h.shipment) ?? [] }
      : h,
  );
};
