import type { LotDates } from '../../happening.js';
import { datesOf } from '../dates.js';

/** Namespaces of the attributes of CBV 2.0 (section 9 and 10, master data and ILMD) and of the GS1 Web Vocabulary. */
const NAMESPACES = [
  'urn:epcglobal:cbv:mda:',
  'urn:epcglobal:cbv:mda#',
  'https://ref.gs1.org/cbv/mda/',
  'https://ref.gs1.org/cbv/',
  'https://ns.gs1.org/cbv/',
  'https://gs1.org/voc/',
  'http://gs1.org/voc/',
  'https://www.gs1.org/voc/',
  'https://ref.gs1.org/voc/',
];

/** What the standard's own context defines; a document may define any other for the same namespaces. */
const STANDARD_PREFIXES: Readonly<Record<string, string>> = {
  cbvmda: 'urn:epcglobal:cbv:mda:',
  cbv: 'https://ref.gs1.org/cbv/',
  gs1: 'https://gs1.org/voc/',
};

/** The bare name of an attribute written bare, as CURIE or as URI; undefined where it is of another vocabulary. */
export const attributeName = (key: string, prefixes: Readonly<Record<string, string>>): string | undefined => {
  const colon = key.indexOf(':');
  if (colon < 0) return key;
  const [prefix, rest] = [key.slice(0, colon), key.slice(colon + 1)];
  const namespace = Object.hasOwn(prefixes, prefix)
    ? prefixes[prefix]
    : Object.hasOwn(STANDARD_PREFIXES, prefix)
      ? STANDARD_PREFIXES[prefix]
      : undefined;
  const uri = namespace === undefined ? key : namespace + rest;
  const known = NAMESPACES.find((n) => uri.startsWith(n));
  if (known !== undefined) return uri.slice(known.length);
  // A prefix may be defined without the separator at its end ("urn:epcglobal:cbv:mda").
  return namespace !== undefined && NAMESPACES.some((n) => n.slice(0, -1) === namespace) ? rest : undefined;
};

/** A literal, however JSON-LD writes it. */
const literal = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return literal(value[0]);
  if (value === null || typeof value !== 'object') return undefined;
  const object = value as Record<string, unknown>;
  return literal(object['@value'] ?? object.value);
};

/** Attributes that state one date, the most exact first. */
const DATES: Readonly<Record<keyof LotDates, readonly string[]>> = {
  production: [
    'productionDate',
    'productionDateTime',
    'harvestEndDate',
    'harvestDate',
    'harvestStartDate',
    'slaughterDate',
    'packagingDate',
    'packagingDateTime',
  ],
  expiry: ['itemExpirationDate', 'expirationDate', 'expirationDateTime', 'useByDate'],
  bestBefore: ['bestBeforeDate', 'bestBeforeDateTime', 'minimumFreshnessDateTime'],
  retest: ['retestDate'],
  // The last day it may be offered: from then on it is to be taken off the shelf.
  removal: ['sellByDate', 'sellByDateTime'],
};

const LOT_NUMBERS = ['lotNumber', 'hasBatchLotNumber', 'batchLotNumber', 'batchNumber'];

export interface Ilmd {
  dates: LotDates;
  lotCode?: string;
}

/** Reads instance/lot master data (EPCIS 2.0 section 7.3.8) for what concerns the lot itself. */
export const ilmdOf = (ilmd: unknown, prefixes: Readonly<Record<string, string>>, warnings: string[]): Ilmd => {
  const found = new Map<string, string>();
  if (ilmd !== null && typeof ilmd === 'object' && !Array.isArray(ilmd))
    for (const [key, value] of Object.entries(ilmd)) {
      const name = attributeName(key, prefixes);
      const text = literal(value);
      if (name !== undefined && text !== undefined && !found.has(name)) found.set(name, text);
    }
  const stated = (names: readonly string[]): string | undefined =>
    names.map((n) => found.get(n)).find((v) => v !== undefined);
  const lotCode = stated(LOT_NUMBERS);
  return {
    dates: datesOf(Object.fromEntries(Object.entries(DATES).map(([date, names]) => [date, stated(names)])), warnings),
    ...(lotCode !== undefined && { lotCode }),
  };
};
