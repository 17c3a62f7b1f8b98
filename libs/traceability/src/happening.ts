import type { Instant } from '#kernel';

/**
 * What one event says happened, in one shape, whether it came as EPCIS, as a native fact or as a commanded act.
 * The ledger, the genealogy and the discrepancies are folds over happenings; each verb is one row of the table in design
 * section 6.
 */
export type Verb =
  | 'make' // Object ADD, not receiving
  | 'receive' // receiving, any action
  | 'ship' // shipping
  | 'unship' // void_shipping
  | 'observe' // any other step with a place; LotMoved with a source location: a move of just this amount from there
  | 'count' // stock_taking, cycle_counting
  | 'consume' // Object DELETE, consuming
  | 'sell' // Object DELETE, retail_selling or dispensing
  | 'scrap' // Object DELETE, anything else
  | 'pack' // Aggregation ADD
  | 'unpack' // Aggregation DELETE
  | 'contain' // Aggregation OBSERVE
  | 'transform' // Transformation
  | 'hold' // LotHeld: a note for discrepancies, moves nothing
  | 'lift' // HoldLifted
  | 'dates' // dates stated or changed, moves nothing
  | 'note'; // Transaction, Association, lists without effect: mentions only

export type ThingKind = 'lot' | 'serial' | 'unit' | 'pool';

/** A thing named by a happening. */
export interface Thing {
  /** Canonical id; of a pool, the item's. */
  id: string;
  kind: ThingKind;
  /** As stated; absent where no quantity was given. Decimal text in the unit as written. */
  amount?: { value: string; unit: string };
  item?: string;
  lotCode?: string;
  /** The supplier's own code of this lot. */
  supplierLot?: string;
  /** The lot a serial states. */
  lot?: string;
  /** What an output is, where it is not the product itself. */
  role?: 'co-product' | 'by-product' | 'waste';
}

/** Dates stated for a lot: calendar days in their own written offset. */
export interface LotDates {
  production?: string;
  expiry?: string;
  bestBefore?: string;
  retest?: string;
  removal?: string;
}

export interface Party {
  owning?: string;
  possessing?: string;
  location?: string;
}

export interface Happening {
  /** Id of the event as its reporter gave it, canonical; the tie-breaker of the ledger's order. */
  id: string;
  /** Id of the event in the log. */
  logId: string;
  verb: Verb;
  time: Instant;
  /** Canonical business step: bare CBV name (`shipping`) or URI. */
  step?: string;
  readPoint?: string;
  bizLocation?: string;
  source?: Party;
  destination?: Party;
  /** Objects, children or inputs. */
  things: Thing[];
  /** Outputs of a transformation. */
  outputs?: Thing[];
  /** The unit that is packed, unpacked or observed. */
  parent?: string;
  /** Transformations that share it are one; scoped as `transformationKey` says. Always set for `transform`. */
  transformation?: string;
  /** consume / produce kind of a transformation: product by default. */
  transformationKind?: string;
  /** A commanded act: its own reference (`shipment:ID`, `run:ID`); facts that carry it confirm it. */
  act?: string;
  /** Other references by which facts confirm this act: its run, its transformation's id, the units packed for it. */
  alsoKnownAs?: string[];
  /** References a fact carries (business transactions, transformationID, shipment ids): it confirms the act among them. */
  confirms?: string[];
  /**
   * The id its reporter gives the shipment: departure and arrival that share one are the same shipment. An arrival that names
   * no goods is of all that was shipped under it.
   */
  shipment?: string;
  /** When a shipment is due at its destination. */
  due?: string;
  /** Dates stated, by lot id. */
  dates?: Record<string, LotDates>;
  /** `owner` of a hold that says whose it is; a lifting has none. */
  hold?: { holdId: string; reason: string; owner?: string };
  /** What quality says of the lots named, from here on. */
  quality?: 'quarantine' | 'released' | 'rejected';
  /** The result of an inspection of the lots named. */
  inspection?: { inspection: string; result: 'pass' | 'fail' | 'inconclusive'; characteristic?: string };
  /** Of a receiving: the goods came back from whoever had got them, which is no supply. */
  returned?: true;
  /** Ids that turned out to name one lot, or (`apart`) to name different ones after all. */
  alias?: { lots: string[]; apart: boolean };
  /** True on rows of commanded acts. */
  commanded?: boolean;
  /** The id of the event that this error declaration voids (identity is id and being a declaration). */
  voids?: string;
  /** What the interpreter could only warn of: malformed keys, missing codes. */
  warnings?: string[];
  /** Reporting system: scopes a non-URI transformationID where the party of its place is not known. */
  reporter?: string;
}

/** What master data says of places, parties and items; the ledger reads it as context. */
export interface Place {
  id: string;
  name?: string;
  /** The party it belongs to. */
  party?: string;
  /** The place it is part of; a site is a root of the tree. */
  parent?: string;
  /** IANA name of its time zone (`Europe/Berlin`), as stated. */
  timeZone?: string;
}

export interface MasterData {
  place(id: string): Place | undefined;
  party(id: string): { id: string; name?: string } | undefined;
  item(id: string):
    | {
        id: string;
        name?: string;
        party?: string;
        tolerance?: string;
        kind?: string;
        /** Where the dates of its lots come from: `fixed` counts days from production, `of` are kinds of items of inputs. */
        shelfLife?:
          { rule: 'fixed'; days: number } | { rule: 'inherited'; from?: readonly string[] } | { rule: 'given' };
      }
    | undefined;
}
