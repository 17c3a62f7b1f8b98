import type { Decimal } from '#kernel';
import type { LotDates } from '#traceability';

export interface KnownBalance {
  place: string;
  dimension: string;
  value: Decimal;
  /** At a place of another party: it is there, and not ours to give. */
  partner?: boolean;
}

/** What the facts say of one lot. */
export interface KnownLot {
  lot: string;
  /** By place and dimension, over all units there; in base units. */
  balances: readonly KnownBalance[];
  dates: LotDates;
  /** References of the acts whose movement of this lot is in the balances (`shipment:ID`, `receipt:ID` …). */
  acts: ReadonlySet<string>;
}

/** Inventory's own projection of all contexts' events, as it stood at one position of the log. */
export interface KnownStock {
  position: string;
  /** Lots that no fact names are missing here. */
  lots: ReadonlyMap<string, KnownLot>;
  /** Of the places asked about, those of another party. */
  partnerPlaces?: ReadonlySet<string>;
}

export const balanceOf = (known: KnownLot | undefined, place: string, dimension: string): Decimal | undefined =>
  known?.balances.find((b) => b.place === place && b.dimension === dimension)?.value;
