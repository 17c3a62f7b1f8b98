import { partyIdOf, unitIdOf } from '#contracts';
import { calendarDay, canonicalId, gtin14, itemId, malformed, type Problem } from '#kernel';
import type { Suspect } from '../../domain/recall-case.js';
import type { SuspectDto } from './open-case.dto.js';

const EXPECTED =
  'one of: lot; supplierLot (and supplier); item, lotCodeFrom and lotCodeTo; item, producedFrom and producedTo';

const itemNamed = (text: string): string => {
  const gtin = gtin14(text);
  return gtin === undefined ? canonicalId(text).id : itemId(gtin);
};

/** A code alone may be of several lots, now or later: the item says which. */
const lotNamed = (text: string): string | undefined => {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return canonicalId(text).id;
  return /^\d{18}$/.test(text) ? unitIdOf(text).id : undefined;
};

const FORMS: readonly (readonly (keyof SuspectDto)[])[] = [
  ['lot'],
  ['supplierLot', 'supplier'],
  ['item', 'lotCodeFrom', 'lotCodeTo'],
  ['item', 'producedFrom', 'producedTo'],
];

const read = (dto: SuspectDto, index: number): Suspect | Problem => {
  const given = Object.entries(dto).flatMap(([name, value]) => (value === undefined ? [] : [name as keyof SuspectDto]));
  const form = FORMS.find((names) => given.every((name) => names.includes(name)));
  const { lot, supplierLot, supplier, item, lotCodeFrom, lotCodeTo } = dto;
  const [producedFrom, producedTo] = [calendarDay(dto.producedFrom ?? ''), calendarDay(dto.producedTo ?? '')];
  if (form !== undefined) {
    if (lot !== undefined) {
      const id = lotNamed(lot);
      if (id !== undefined) return { lot: id };
      const expected = 'a URI or the 18 digits of an SSCC; for a lot code, name item, lotCodeFrom and lotCodeTo';
      const message = `${lot} is not the id of a lot`;
      return { code: 'lot-not-an-id', message, index, field: `/suspects/${index}/lot`, found: lot, expected };
    }
    if (supplierLot !== undefined)
      return { supplierLot, ...(supplier !== undefined && { supplier: partyIdOf(supplier).id }) };
    if (item !== undefined && lotCodeFrom !== undefined && lotCodeTo !== undefined && lotCodeFrom <= lotCodeTo)
      return { item: itemNamed(item), lotCodeFrom, lotCodeTo };
    if (item !== undefined && producedFrom !== undefined && producedTo !== undefined && producedFrom <= producedTo)
      return { item: itemNamed(item), producedFrom, producedTo };
  }
  const message = `suspect ${index} is not named in one of the known ways`;
  const found = given.join(', ');
  return { code: 'suspect-not-named', message, index, field: `/suspects/${index}`, found, expected: EXPECTED };
};

/** @throws LotlineError `malformed` naming every suspect that is named in none of the four ways, or in several at once. */
export const suspectsOf = (dtos: readonly SuspectDto[]): Suspect[] => {
  const suspects: Suspect[] = [];
  const problems: Problem[] = [];
  for (const [index, dto] of dtos.entries()) {
    const suspect = read(dto, index);
    if ('code' in suspect) problems.push(suspect);
    else suspects.push(suspect);
  }
  if (problems.length > 0) throw malformed('invalid-request', 'not all suspects say what they are', problems);
  return suspects;
};
