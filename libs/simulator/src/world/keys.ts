import { checkDigit } from '#kernel';

/** GS1 keys of one simulated company; 952 is the range that GS1 keeps for examples. */
export interface Keys {
  gtin(reference: number): string;
  gln(reference: number): string;
  sscc(serial: number): string;
  lotUrn(item: number, code: string): string;
  placeUrn(reference: number, part?: string): string;
  partyUrn(reference: number): string;
  ssccUrn(serial: number): string;
  tote(serial: number): string;
}

const ROOT = 'https://id.gs1.org';
const withCheck = (digits: string): string => digits + checkDigit(digits);
const padded = (value: number, size: number): string => String(value).padStart(size, '0');

/** @param seed gives the company prefix, so that plants of different seeds do not share lots (every 10,000th does). */
export const keysOf = (seed: number): Keys => {
  const prefix = `952${padded(Math.abs(seed) % 10_000, 4)}`;
  const tail = (part: string | undefined): string => part ?? '0';
  return {
    gtin: (reference) => withCheck(`0${prefix}${padded(reference, 5)}`),
    gln: (reference) => withCheck(`${prefix}${padded(reference, 5)}`),
    sscc: (serial) => withCheck(`0${prefix}${padded(serial, 9)}`),
    lotUrn: (item, code) => `urn:epc:class:lgtin:${prefix}.0${padded(item, 5)}.${code}`,
    placeUrn: (reference, part) => `urn:epc:id:sgln:${prefix}.${padded(reference, 5)}.${tail(part)}`,
    partyUrn: (reference) => `urn:epc:id:pgln:${prefix}.${padded(reference, 5)}`,
    ssccUrn: (serial) => `urn:epc:id:sscc:${prefix}.0${padded(serial, 9)}`,
    // Reusable containers have no canonical form in Lotline: any URI names a unit once something is in it.
    tote: (serial) => `urn:epc:id:grai:${prefix}.00001.${serial}`,
  };
};

export const itemLink = (gtin: string): string => `${ROOT}/01/${gtin}`;
export const lotLink = (gtin: string, code: string): string => `${ROOT}/01/${gtin}/10/${code}`;
export const placeLink = (gln: string, part?: string): string =>
  `${ROOT}/414/${gln}${part === undefined ? '' : `/254/${part}`}`;
export const partyLink = (gln: string): string => `${ROOT}/417/${gln}`;
export const ssccLink = (sscc: string): string => `${ROOT}/00/${sscc}`;
