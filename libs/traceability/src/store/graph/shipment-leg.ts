import { decimal } from '#kernel';
import type { ShipmentLeg } from '../../ledger/index.js';
import type { ShipmentRow } from '../derive/lot-rows.js';

/** Columns of `shipment_legs` as `legOf` reads them. */
export const LEG =
  'lot, act, id, departure, departure_recorded, arrivals, from_place, from_party, to_place, consignee, dimension, ' +
  'value::text, unit, shipped_at, received_at, due, outstanding::text, contents_learnt_later, events';

const defined = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** A row of `shipment_legs` as the ledger wrote it. */
export const legOf = (row: ShipmentRow): ShipmentLeg => ({
  id: row.id,
  departure: row.departure,
  departureRecorded: row.departure_recorded,
  arrivals: row.arrivals.map((a) => ({ ...a, value: decimal(a.value) })) as ShipmentLeg['arrivals'],
  from: row.from_place,
  to: row.to_place,
  dimension: row.dimension,
  value: decimal(row.value),
  outstanding: decimal(row.outstanding),
  contentsLearntLater: row.contents_learnt_later,
  events: row.events,
  ...(defined({
    fromParty: row.from_party,
    consignee: row.consignee,
    unit: row.unit,
    shippedAt: row.shipped_at,
    receivedAt: row.received_at,
    due: row.due,
  }) as Partial<ShipmentLeg>),
});
