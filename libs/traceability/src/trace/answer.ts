import type { Amount } from '#kernel';
import type { LotDates } from '../happening.js';
import type { TraceDiscrepancy } from './graph.js';

/** How much of the suspect lots is in something (docs/trace.md). */
export interface Exposure {
  /** Its whole quantity; null where no quantity is recorded. */
  worstCase: Amount | null;
  /** φ; null where it cannot be known, `why` says the reason. */
  share: number | null;
  /** Whole quantity × φ, rounded half up to six decimals. */
  proportional: Amount | null;
  why?: string;
}

/** A lot, serial or unit as an answer shows it. */
export interface TracedLot {
  id: string;
  kind: 'lot' | 'serial' | 'unit';
  item: string | null;
  lotCode: string | null;
  supplierLot?: string;
  /** Shortest number of transformations from the start. */
  depth: number;
  /** All that was made of it, by transformations and outside of them. */
  made: readonly Amount[];
  /** All that was received of it from outside the record; what is made and received together is its whole quantity. */
  received: readonly Amount[];
  /** `place` is null where the record never said where. */
  onHand: readonly { place: string | null; amount: Amount }[];
  scrapped?: readonly Amount[];
  dates: LotDates;
  status: string;
  exposure?: Exposure;
}

export interface TracedTransformation {
  id: string;
  kind: string;
  eventTime: string;
  place: string | null;
  inputs: readonly { lot: string; amount: Amount | null }[];
  outputs: readonly { lot: string; amount: Amount | null }[];
  events: readonly string[];
}

export interface TracedShipment {
  id: string;
  /** Place it left; where nobody recorded the departure, the party that the receiver names. */
  from: string | null;
  /** Party that sent it. */
  sender: string | null;
  to: string | null;
  consignee: string | null;
  shippedAt?: string;
  departureRecorded: boolean;
  receivedAt?: string;
  /** Rows of reached lots only; what else it carried is none of this trace's business. */
  lots: readonly { lot: string; amount: Amount | null; unit?: string; exposure?: Exposure }[];
  events: readonly string[];
}

/** A unit that held a reached lot, reached for that time (UTC) only; its other contents are not entered. */
export interface ReachedUnit {
  id: string;
  depth: number;
  held: readonly { lot: string; from: string; to?: string }[];
}

/** A class without lot at a place: the walk stopped here, and everything in it is possibly affected. */
export interface ReachedPool {
  item: string;
  place: string | null;
  depth: number;
  transformations: readonly string[];
  reason: 'lot-not-stated';
}

export interface Supplier {
  id: string;
  name: string | null;
  lots: readonly string[];
  /** Known only because goods moved without a record. */
  inferred?: true;
}

export interface Consignee {
  party: string;
  inferred?: true;
  lots: readonly { lot: string; amount: Amount | null; exposure: Exposure | null }[];
}

/** Why an answer is not everything, and where: ids of lots (`depth`, `limit`), events (`parked`), items (`lot-not-stated`). */
export interface Cut {
  reason: 'limit' | 'depth' | 'parked' | 'lot-not-stated';
  at: readonly string[];
}

/** What `respectTime` left out: reached when clocks are ignored, not when they are believed. */
export interface Removed {
  lots: readonly string[];
  transformations: readonly string[];
}

export interface Reached {
  lots: readonly TracedLot[];
  transformations: readonly TracedTransformation[];
  units: readonly ReachedUnit[];
  pools: readonly ReachedPool[];
  removed?: Removed;
}

/** Sums over what was reached, the start with it, by dimension in base units; a piece is counted with its lot. */
export interface Totals {
  lots: number;
  onHand: readonly Amount[];
  /** What consignees received by record, apart from what is known by inference alone. */
  consigned: readonly Amount[];
  inferred: readonly Amount[];
  scrapped: readonly Amount[];
}

export interface Trace {
  lot: TracedLot;
  position: string;
  complete: boolean;
  /** The gravest cut; `cuts` has all of them where there are several. */
  cut: Cut | null;
  cuts?: readonly Cut[];
  back?: Reached & { suppliers: readonly Supplier[] };
  forward?: Reached & {
    shipments: readonly TracedShipment[];
    consignees: readonly Consignee[];
    stock: readonly { lot: string; place: string | null; amount: Amount }[];
    totals: Totals;
  };
  /** `time` in UTC. */
  discrepancies: readonly TraceDiscrepancy[];
  events?: readonly string[];
}

export interface TraceRequest {
  /** Canonical id of a lot, serial or unit; see `lotIdOf` for all the forms a user may write. */
  lot: string;
  direction: 'back' | 'forward' | 'both';
  /** Transformations to follow at most; absent: no limit. */
  depth?: number;
  /** Lots to reach at most in one direction; absent: no limit. */
  limit?: number;
  respectTime?: boolean;
  includeEvents?: boolean;
  /** The organisation's own parties, which are nobody's suppliers to it; absent: none is left out. */
  ours?: readonly string[];
}
