import { canonicalId, gtin14, itemId, malformed } from '#kernel';
import type { Suspect } from '../../domain/recall-case.js';
import type { SuspectDto } from './open-case.dto.js';

const EXPECTED =
  'one of: lot; supplierLot (and supplier); item, lotCodeFrom and lotCodeTo; item, producedFrom and producedTo';

const itemNamed = (text: string): string => {
  const gtin = gtin14(text);
  return gtin === undefined ? canonicalId(text).id : itemId(gtin);
};

const FORMS: readonly (readonly (keyof SuspectDto)[])[] = [
  ['lot'],
  ['supplierLot', 'supplier'],
  ['item', 'lotCodeFrom', 'lotCodeTo'],
  ['item', 'producedFrom', 'producedTo'],
];

/** @throws LotlineError `malformed` where the suspect is named in none of the four ways, or in several at once. */
export const suspectOf = (dto: SuspectDto, index: number): Suspect => {
  const given = Object.entries(dto).flatMap(([name, value]) => (value === undefined ? [] : [name as keyof SuspectDto]));
  const form = FORMS.find((names) => given.every((name) => names.includes(name)));
  const { lot, supplierLot, supplier, item, lotCodeFrom, lotCodeTo, producedFrom, producedTo } = dto;
  if (form !== undefined) {
    if (lot !== undefined) return { lot: canonicalId(lot).id };
    if (supplierLot !== undefined)
      return { supplierLot, ...(supplier !== undefined && { supplier: canonicalId(supplier).id }) };
    if (item !== undefined && lotCodeFrom !== undefined && lotCodeTo !== undefined && lotCodeFrom <= lotCodeTo)
      return { item: itemNamed(item), lotCodeFrom, lotCodeTo };
    if (item !== undefined && producedFrom !== undefined && producedTo !== undefined && producedFrom <= producedTo)
      return { item: itemNamed(item), producedFrom, producedTo };
  }
  throw malformed('invalid-request', `suspect ${index} is not named in one of the known ways`, [
    {
      code: 'suspect-not-named',
      message: EXPECTED,
      index,
      field: `/suspects/${index}`,
      found: given.join(', '),
      expected: EXPECTED,
    },
  ]);
};
