import { evolve, type Shipment, type ShipmentEvent } from './shipment.js';

/** @param events of one shipment stream, in order. */
export const foldShipment = (events: readonly { type: string }[]): Shipment =>
  (events as readonly ShipmentEvent[]).reduce<Shipment>(evolve, undefined);
