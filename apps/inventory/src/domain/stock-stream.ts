import { partyIdOf } from '#contracts';
import { canonicalId, itemId, gtin14, lotIdOfGtin, lotIdOfParty, malformed } from '#kernel';

/**
 * The stock book that every commitment on a lot meets in. It follows from the lot's id alone, never from master data, so
 * that a lot's book never changes.
 */
export const stockStreamOf = (lot: string): string => `stock-${canonicalId(lot).item ?? lot}`;

/** Whether all lots of the item, as far as their ids tell, are in this book. */
export const stockStreamOfItem = (item: string): string => `stock-${item}`;

/** How a caller may name a lot: by any id form, or by item and lot code (and the party that issued the code). */
export interface NamedLot {
  lot?: string | undefined;
  item?: string | undefined;
  lotCode?: string | undefined;
  party?: string | undefined;
}

/** @throws LotlineError `malformed` (lot-not-named) where neither a lot nor item and lot code are given. */
export const lotNamed = (named: NamedLot): string => {
  if (named.lot !== undefined) return canonicalId(named.lot).id;
  if (named.item === undefined || named.lotCode === undefined)
    throw malformed('lot-not-named', 'a lot is named by `lot`, or by `item` and `lotCode`');
  const gtin = /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/.exec(itemNamed(named.item))?.[1];
  if (gtin !== undefined) return lotIdOfGtin(gtin, named.lotCode);
  if (named.party === undefined)
    throw malformed('lot-not-named', 'a lot of an item without GTIN is named with the `party` that issued its code');
  return lotIdOfParty(partyIdOf(named.party).id, itemNamed(named.item), named.lotCode);
};

/** Canonical id of an item: a bare GTIN is one too. */
export const itemNamed = (text: string): string => {
  const gtin = gtin14(text);
  return gtin === undefined ? canonicalId(text).id : itemId(gtin);
};
