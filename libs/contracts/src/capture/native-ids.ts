import { canonicalId, gtin14, itemId, lotIdOfGtin, lotIdOfParty, type CanonicalId } from '#kernel';
import type { LotRef } from './shapes.js';

/** Stands for the organisation's own codes where a lot is named without its issuer. */
export const OWN_ISSUER = '-';

const fromDigits = (text: string, ai: string): CanonicalId =>
  canonicalId(/^\d+$/.test(text) ? `https://id.gs1.org/${ai}/${text}` : text);

/** Canonical id of an item given as GTIN digits or any URI. Digits that are no GTIN stay opaque, with a warning. */
export const itemIdOf = (ref: string): CanonicalId => {
  const gtin = gtin14(ref);
  return gtin !== undefined ? canonicalId(itemId(gtin)) : fromDigits(ref, '01');
};
export const placeIdOf = (ref: string): CanonicalId => fromDigits(ref, '414');
export const partyIdOf = (ref: string): CanonicalId => fromDigits(ref, '417');
export const unitIdOf = (ref: string): CanonicalId => fromDigits(ref, '00');

/**
 * Canonical id of a lot given by any id form or by its parts: with a GTIN, GTIN and lot code; else
 * issuing party, item and lot code.
 */
export const lotIdOf = (ref: LotRef): CanonicalId => {
  if (typeof ref === 'string') return canonicalId(ref);
  const item = itemIdOf(ref.item);
  const gtin = /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/.exec(item.id)?.[1];
  const id =
    gtin !== undefined
      ? lotIdOfGtin(gtin, ref.lotCode)
      : lotIdOfParty(ref.issuer === undefined ? OWN_ISSUER : partyIdOf(ref.issuer).id, item.id, ref.lotCode);
  return { id, kind: 'lot', item: item.id, lotCode: ref.lotCode, ...(item.warning && { warning: item.warning }) };
};
