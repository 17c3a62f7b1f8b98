import type { Amount, Decimal } from '#kernel';

/**
 * An account of the double-entry ledger of one lot. `place` is null where the record never said where. Of a packed amount
 * `unit` is the innermost unit that holds it; loose stock has none.
 */
export type Account =
  | { kind: 'made' } // source
  | { kind: 'outside' } // source: received from someone whose record we do not have
  | { kind: 'unexplained' } // source: what was used and nothing explains
  | { kind: 'place'; place: string | null; unit?: string }
  /** `to` is the location, else the owning, else the possessing party it was shipped to; null where none was stated. */
  | { kind: 'shipped'; to: string | null; unit?: string }
  | { kind: 'consumed' }
  | { kind: 'scrapped' }
  | { kind: 'sold' }
  | { kind: 'adjusted' }; // source and sink: what counts found more or less

/** Why an entry is more than what its event said. */
export type EntryFlag =
  | 'movement-not-recorded' // the record had it elsewhere, and nothing says how it came
  | 'within-site' // the same inside one site, which is no discrepancy
  | 'unpack-not-recorded' // taken out of a unit nobody unpacked
  | 'pack-not-recorded' // the unit turned out to hold it
  | 'claim-unsupported' // a list or a move named goods that nothing supports: taken back when read
  | 'contents-learnt-later' // the unit was empty at its departure; a later list told what it held
  | 'quantity-assumed' // no quantity was given: all at the place
  | 'departure-late' // the departure of goods that were recorded as received (from outside) minutes before
  | 'over-used'; // from unexplained

/** One movement: what `from` gives, `to` gets. */
export interface Entry {
  /** Consecutive from 1 in ledger order; entries of settlement come last. */
  seq: number;
  /** Time key of the event (kernel `Instant.key`). */
  time: string;
  from: Account;
  to: Account;
  /** Positive, in the base unit of its dimension. */
  value: Decimal;
  dimension: string;
  /** Ids of the events that cause it. */
  events: string[];
  flag?: EntryFlag;
}

/** Stock on hand: what is at a place, loose or in a unit. Only amounts above zero are listed. */
export interface Balance {
  place: string | null;
  unit?: string;
  /** The party the place belongs to, by master data. */
  party?: string;
  dimension: string;
  value: Decimal;
  /** How much of it was received there (or at another place of the same party). */
  received: Decimal;
}

/** What an account holds when read. Sources are negative; of one dimension all add up to zero. */
export interface AccountBalance {
  account: Account;
  dimension: string;
  value: Decimal;
}

/** One arrival of goods of a shipment. */
export interface Arrival {
  event: string;
  time: string;
  place: string | null;
  value: Decimal;
  /** `received`: by a receiving; `observed`: seen there; `inferred`: used or named there without an arrival. */
  how: 'received' | 'observed' | 'inferred';
}

/** What one departure (or one receiving without departure) moved of this lot, in one dimension and unit. */
export interface ShipmentLeg {
  /** Stable: from departure event (else arrival event), unit, dimension and destination. */
  id: string;
  /** Event id of the departure; null where only the receiving was recorded. */
  departure: string | null;
  departureRecorded: boolean;
  arrivals: Arrival[];
  /** Place it left, where known. */
  from: string | null;
  /** Stated source party, else the party of the place it left. */
  fromParty?: string;
  /** The key of *shipped to*: location, else owning, else possessing party; of a receiving its place. */
  to: string | null;
  /** Destination owning party, else possessing party, else the owner of the place shipped to or received at. */
  consignee?: string;
  dimension: string;
  value: Decimal;
  /** The unit it travelled in. */
  unit?: string;
  shippedAt?: string;
  /** Time key of the first arrival that was recorded (received, else observed). */
  receivedAt?: string;
  /** When it is due, as stated. */
  due?: string;
  /** The id its reporter gives the shipment. */
  shipment?: string;
  /** Not yet arrived. */
  outstanding: Decimal;
  /** True where a later list told what the unit held at departure. */
  contentsLearntLater: boolean;
  /** Ids of all events: departure, arrivals. */
  events: string[];
}

/** Goods that moved between parties although nothing says so: the receiving side is a consignee by inference. */
export interface InferredMove {
  from: string | null;
  fromParty?: string;
  to: string | null;
  /** Inferred consignee: the party of the place, else the place itself. */
  consignee: string | null;
  dimension: string;
  value: Decimal;
  unit?: string;
  time: string;
  events: string[];
  /** `used`: settled when read; `named`: in a unit's list; `observed`, `received`: without stated parties. */
  cause: 'used' | 'named' | 'observed' | 'received';
}

export type DiscrepancyKind =
  | 'movement-not-recorded'
  | 'over-used'
  | 'more-out-than-in'
  | 'out-of-order'
  | 'dates-contradict'
  | 'used-after-expiry'
  | 'shipped-after-expiry'
  | 'used-while-held'
  | 'shipped-while-held'
  | 'not-received'
  | 'unit-mismatch'
  | 'quantity-assumed'
  | 'contents-unknown'
  | 'unpack-not-recorded'
  | 'lot-not-stated'
  | 'code-reused'
  | 'suspected-duplicate'
  | 'commitment-broken'
  | 'confirmed-differently';

/** What the record cannot explain. It is open as long as a fold produces it, and closes by being produced no more. */
export interface Discrepancy {
  /** Stable id: the same contradiction has the same key in every fold (kind, lot, events, and what else tells two apart). */
  key: string;
  kind: DiscrepancyKind;
  /** Canonical id of the lot; of `contents-unknown` the unit, of `lot-not-stated` the item. */
  lot: string;
  place?: string;
  /** Of a movement: where the record had it (place, or the destination it was shipped to). */
  from?: string;
  unit?: string;
  transformation?: string;
  amount?: Amount;
  /** Ids of the events that contradict, in ledger order. */
  events: string[];
  /** Time key of the event it came up at. */
  time: string;
  /** One sentence for a person. */
  explanation: string;
}

/** What a lot was filled with: sum of *made* by transformation (or by plain making), of *outside* by receiving. */
export interface Source {
  kind: 'made' | 'outside';
  /** Set where it was made by a transformation. */
  transformation?: string;
  dimension: string;
  value: Decimal;
  event: string;
  time: string;
  place: string | null;
}

/** What a transformation consumed of this lot (unit contents and assumed quantities resolved). */
export interface Consumption {
  transformation: string;
  dimension: string;
  value: Decimal;
  event: string;
  time: string;
  place: string | null;
}

/** The ledger of one lot as read. */
export interface LotLedger {
  lot: string;
  entries: Entry[];
  balances: Balance[];
  accounts: AccountBalance[];
  /** Amount made per dimension. */
  made: Amount[];
  sources: Source[];
  consumptions: Consumption[];
  shipments: ShipmentLeg[];
  inferredMoves: InferredMove[];
  discrepancies: Discrepancy[];
}

export interface FoldOptions {
  /** Time key (kernel `Instant.key`): the ledger as it stood at that event time, from the facts dated up to it. */
  readAt?: string;
  /** Production days of lots that went into this one, by lot id; needed to see a production date before its input's. */
  inputProduction?: ReadonlyMap<string, string>;
}
