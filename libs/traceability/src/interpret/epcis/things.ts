import { canonicalId, canonicalNumber, gtin14, isDecimal, lotIdOfGtin } from '#kernel';
import type { Thing } from '../../happening.js';
import { thing } from '../thing.js';

const GTIN_OF = /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/;

/** The lot of an item with GTIN; without one a lot code alone names no lot. */
const lotOf = (item: string | undefined, lotCode: string | undefined): string | undefined => {
  const gtin = gtin14(GTIN_OF.exec(item ?? '')?.[1] ?? '');
  return gtin === undefined || lotCode === undefined ? undefined : lotIdOfGtin(gtin, lotCode);
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** @param lotCode that of the ilmd, for things whose own id states none. */
const epcThing = (epc: string, lotCode: string | undefined, warnings: string[]): Thing => {
  const { warning } = canonicalId(epc);
  if (warning !== undefined) warnings.push(warning);
  const named = thing(epc, undefined, 'serial');
  if (named.kind !== 'serial') return named;
  const code = named.lotCode ?? lotCode;
  const lot = lotOf(named.item, code);
  return {
    ...named,
    amount: { value: '1', unit: 'EA' },
    ...(code !== undefined && { lotCode: code }),
    ...(lot !== undefined && { lot }),
  };
};

/** Things of an EPC list: each is one piece, a logistic unit, or what its id says. */
export const epcThings = (epcs: unknown, lotCode: string | undefined, warnings: string[]): Thing[] =>
  list(epcs).flatMap((epc) => (typeof epc === 'string' ? [epcThing(epc, lotCode, warnings)] : []));

const amountOf = (element: Record<string, unknown>, warnings: string[]): Thing['amount'] => {
  const { quantity, uom } = element;
  if (quantity === undefined || quantity === null) return undefined;
  const value = canonicalNumber(quantity) ?? (typeof quantity === 'string' ? quantity.trim() : '');
  if (!isDecimal(value)) {
    warnings.push(`quantity ${JSON.stringify(quantity)} is no number`);
    return undefined;
  }
  return { value, unit: typeof uom === 'string' && uom.trim() !== '' ? uom.trim() : 'EA' };
};

const quantityThing = (element: Record<string, unknown>, lotCode: string | undefined, warnings: string[]): Thing[] => {
  const { epcClass } = element;
  if (typeof epcClass !== 'string') return [];
  const { warning } = canonicalId(epcClass);
  if (warning !== undefined) warnings.push(warning);
  const named = thing(epcClass, amountOf(element, warnings), 'lot');
  if (named.kind === 'lot')
    return [{ ...named, ...(named.lotCode === undefined && lotCode !== undefined && { lotCode }) }];
  if (named.kind !== 'pool') return [named];
  // A class with its lot number beside it, in the ilmd, is that lot.
  const lot = lotOf(named.item, lotCode);
  if (lot !== undefined && lotCode !== undefined) return [{ ...named, id: lot, kind: 'lot', lotCode }];
  warnings.push(`${epcClass} states no lot`);
  return [named];
};

/** Things of a quantity list (EPCIS 2.0 section 7.3.3.3): a class without lot is a pool; no unit means pieces. */
export const quantityThings = (elements: unknown, lotCode: string | undefined, warnings: string[]): Thing[] =>
  list(elements).flatMap((element) =>
    element !== null && typeof element === 'object'
      ? quantityThing(element as Record<string, unknown>, lotCode, warnings)
      : [],
  );
