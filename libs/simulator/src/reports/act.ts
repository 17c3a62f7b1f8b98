import type { RunKind } from '../truth/runs.js';

export type Verb =
  'receive' | 'inspect' | 'move' | 'run' | 'pack' | 'unpack' | 'ship' | 'deliver' | 'return' | 'count' | 'scrap';

/** An amount of a lot as somebody wrote it down; what is typed wrong is typed wrong here. */
export interface Line {
  /** The lot that is meant. */
  lot: number;
  item: number;
  code: string;
  /** Thousandths of `unit`. */
  amount: number;
  unit: string;
  role?: 'co-product' | 'by-product' | 'waste';
  supplierLot?: string;
  /** Days of the simulation. */
  production?: number;
  expiry?: number;
}

/** One happening as it is reported, before it is written as a native fact or as an EPCIS event. */
export interface Act {
  /** Its number; the event's id is made of it. */
  id: number;
  verb: Verb;
  form: 'native' | 'epcis';
  /** Milliseconds since 1970. */
  at: number;
  /** Where it happened; of a shipment the place it left. */
  place: number;
  lines: Line[];
  outputs?: Line[];
  /** Logistic units that are moved, shipped, delivered, or packed into `unit`. */
  units?: string[];
  unit?: string;
  /** `run`: its id. */
  run?: string;
  runKind?: RunKind;
  /** `move`, `deliver`, `return`: the place it comes from. `ship`: where it goes. `run`: where its inputs lie, if elsewhere. */
  other?: number;
  /** Who sends: supplier, sender, customer. */
  sender?: number;
  consignee?: number;
  shipment?: string;
  due?: number;
  order?: string;
  reason?: string;
  passed?: boolean;
  /** Set where the report is another one of an act that was reported before: it gets an id of its own. */
  again?: number;
  /** Set where this report says, at that moment, that the one of this id was wrong. */
  voidedAt?: number;
}
