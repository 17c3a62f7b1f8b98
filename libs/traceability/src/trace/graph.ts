import type { Amount } from '#kernel';
import type { Discrepancy } from '../ledger/types.js';
import type { LotDates, ThingKind } from '../happening.js';

/** One input or output of a transformation. */
export interface Leg {
  /** Id of the lot, serial or unit; of a pool, the item's. */
  lot: string;
  kind: ThingKind;
  /** As stated, in the unit as written; absent where no quantity was given. */
  amount?: Amount;
  /** When this leg happened: `Instant.key`. */
  at: string;
  /** Where; tells pools of one item apart. */
  place?: string;
}

/** Everything that shares a transformation key, as one. */
export interface TransformationNode {
  id: string;
  /** `transformation` unless an event says otherwise (split, merge, repack, relabel, rework …). */
  kind: string;
  /** Of its first event, as written. */
  eventTime: string;
  place: string | null;
  inputs: readonly Leg[];
  outputs: readonly Leg[];
  /** Ids of the events it is made of. */
  events: readonly string[];
}

/** What is known of one lot, serial or unit at present. */
export interface LotNode {
  id: string;
  kind: 'lot' | 'serial' | 'unit';
  item: string | null;
  lotCode: string | null;
  supplierLot?: string;
  /** All codes that suppliers gave what was received into it, where there are several. */
  supplierLots?: readonly string[];
  dates: LotDates;
  status: string;
  /** The ledger's source account *made*, by dimension, in base units: by transformations and outside of them. */
  made: readonly Amount[];
  /** The ledger's source account *received from outside*. */
  received: readonly Amount[];
  scrapped?: readonly Amount[];
  /** `place` is null where the record never said where. */
  onHand: readonly { place: string | null; amount: Amount }[];
  /** Party of the place where it was made outside any transformation, or the source of what came from outside. */
  origins?: readonly string[];
  /** Ids of parked events that name it: answers that reach it are incomplete. */
  parked?: readonly string[];
}

/** `content` (a lot, serial or unit) was in `unit` from `from` until `to` (both `Instant.key`; no `to`: still is). */
export interface Stay {
  unit: string;
  content: string;
  from: string;
  to?: string;
  amount?: Amount;
}

/** A serial that states its lot. */
export interface Membership {
  serial: string;
  lot: string;
}

export interface ShipmentNode {
  id: string;
  /** Place it left; where nobody recorded the departure, the party that the receiver names. */
  from: string | null;
  to: string | null;
  /** Party that sent: source owning party, else possessing party, else owner of the place. */
  sender: string | null;
  /** Destination owning party, else possessing party, else owner of the place. */
  consignee: string | null;
  shippedAt?: string;
  departureRecorded: boolean;
  receivedAt?: string;
  /** One row a lot and unit; a unit whose contents are unknown stands as its own lot, without amount. */
  lots: readonly { lot: string; amount: Amount | null; unit?: string }[];
  events: readonly string[];
}

/** Goods that moved between places by inference alone (*movement-not-recorded*). */
export interface InferredMovement {
  lot: string;
  /** Places; null where the record does not say. */
  from: string | null;
  to: string | null;
  fromParty: string | null;
  toParty: string | null;
  amount: Amount;
  events: readonly string[];
}

/** An open discrepancy of the ledger. */
export type TraceDiscrepancy = Discrepancy;

/** A lot, serial or unit, and the time for which its events count (inclusive `Instant.key`s; open where absent). */
export interface Mention {
  id: string;
  from?: string;
  to?: string;
}

/**
 * What a trace reads, by frontier sets: each method answers for many ids at once, so that a store needs one query a
 * level. Ids are canonical and aliases resolved. Unknown ids are left out of answers; nothing here throws for them.
 * An `asOf` or `eventTimeTo` view is another graph with the same face.
 */
export interface TraceGraph {
  /** The log position this graph stands at. */
  readonly position: string;
  /** Ids of the lots with this code (own or supplier's), of this item where one is named. */
  find(lotCode: string, item?: string): Promise<string[]>;
  lots(ids: readonly string[]): Promise<LotNode[]>;
  /** Transformations that have any of these among their inputs, each with all its legs. */
  consumedBy(lots: readonly string[]): Promise<TransformationNode[]>;
  /** Transformations that have any of these among their outputs, each with all its legs. */
  madeBy(lots: readonly string[]): Promise<TransformationNode[]>;
  /** Memberships that name any of these, as serial or as lot. */
  memberships(ids: readonly string[]): Promise<Membership[]>;
  /** Stays of these in units. */
  unitsOf(contents: readonly string[]): Promise<Stay[]>;
  /** Stays in these units. */
  contentsOf(units: readonly string[]): Promise<Stay[]>;
  /** Shipments that carry any of these lots or units; `lots` of each holds all its rows. */
  shipments(ids: readonly string[]): Promise<ShipmentNode[]>;
  inferredMovements(lots: readonly string[]): Promise<InferredMovement[]>;
  /** Open discrepancies of these. */
  discrepancies(ids: readonly string[]): Promise<TraceDiscrepancy[]>;
  /** Ids of the events that mention any of these in its time, each once, in order of event time, then id. */
  mentions(mentions: readonly Mention[]): Promise<string[]>;
  parties(ids: readonly string[]): Promise<{ id: string; name: string | null }[]>;
}
