import type { Decimal } from '#kernel';
import type { Leg } from './legs.js';
import type { PlaceId } from './places.js';
import type { InferredMove } from './types.js';

/** Goods received before (by the clocks) the departure they came with. */
export interface EarlyArrival {
  event: string;
  time: string;
  shipment: string | undefined;
  place: PlaceId;
  unit: string | undefined;
  dimension: string;
  /** How much of it no departure has claimed. */
  left: Decimal;
  /** Where it was taken from; undefined where it came from *outside*. */
  origin: PlaceId | undefined;
  /** The shipment that the receiving made. */
  leg?: Leg;
  /** The move between parties that the receiving showed. */
  move?: InferredMove;
}
