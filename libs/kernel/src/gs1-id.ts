import { isStorable } from './storable-text.js';

/** What kind of thing an identifier names, as far as the identifier itself tells. */
export type IdKind =
  | 'lot' // an item with a lot code
  | 'item' // an item without a lot code
  | 'serial' // one piece with a serial number
  | 'unit' // a logistic unit (SSCC)
  | 'place' // a location (GLN)
  | 'party' // a party (party GLN)
  | 'other'; // any other URI: what it names is known by where it stands

/** An identifier in its one form. Two ids name the same thing exactly when `id` is equal. */
export interface CanonicalId {
  id: string;
  kind: IdKind;
  /** Canonical id of the item, where the id itself tells. */
  item?: string;
  lotCode?: string;
  serial?: string;
  /** Why a thing that looks like a GS1 key was kept as an opaque id. */
  warning?: string;
}

const ROOT = 'https://id.gs1.org';

/** GS1 General Specifications section 7.9.1: weights 3 and 1 from the right. */
export const checkDigit = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
};

const hasValidCheckDigit = (key: string): boolean =>
  /^\d+$/.test(key) && checkDigit(key.slice(0, -1)) === key.slice(-1);

// GS1 AI encodable character set 82 (General Specifications 7.11), at most 20 characters for AI 10, 21 and 254.
const CODE = /^[!-"%-?A-Z_a-z]{1,20}$/;

/** Undefined also where an encoded NUL would come out, which no code holds and no database keeps. */
const decode = (text: string): string | undefined => {
  try {
    const decoded = decodeURIComponent(text);
    return isStorable(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
};

/** Percent-encodes what may not stand in a path segment; the form is unique for a code. */
const segment = (code: string): string =>
  encodeURIComponent(code).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const opaque = (id: string, warning?: string): CanonicalId => ({
  id,
  kind: 'other',
  ...(warning !== undefined && { warning }),
});

export const itemId = (gtin14: string): string => `${ROOT}/01/${gtin14}`;
export const lotIdOfGtin = (gtin14: string, lotCode: string): string => `${ROOT}/01/${gtin14}/10/${segment(lotCode)}`;

/** A lot without GTIN: the issuing party, its item and the lot code make it. */
export const lotIdOfParty = (party: string, item: string, lotCode: string): string =>
  `urn:lotline:lot:${segment(party)}:${segment(item)}:${segment(lotCode)}`;

/** GTIN-8, -12, -13 or -14 as GTIN-14; undefined where it is none (wrong length, letters or check digit). */
export const gtin14 = (text: string): string | undefined =>
  [8, 12, 13, 14].includes(text.length) && hasValidCheckDigit(text) ? text.padStart(14, '0') : undefined;

const fromUrn = (urn: string): CanonicalId => {
  const parts = /^urn:epc:(class|id|idpat):([a-z]+):(.+)$/.exec(urn);
  if (!parts) return opaque(urn);
  const [, , scheme, rest = ''] = parts;
  const dots = rest.split('.');
  const [prefix = '', reference = ''] = dots;
  const tail = dots.slice(2).join('.');
  if (['lgtin', 'sgtin', 'sscc', 'sgln', 'pgln'].includes(scheme ?? '') && !/^\d{6,12}$/.test(prefix))
    return opaque(urn, `${scheme}: the GS1 company prefix "${prefix}" is not 6 to 12 digits`);
  switch (scheme) {
    case 'lgtin':
    case 'sgtin': {
      if (!/^\d+$/.test(reference) || prefix.length + reference.length !== 13)
        return opaque(
          urn,
          `${scheme}: company prefix and item reference have ${prefix.length + reference.length} digits, 13 expected`,
        );
      const body = reference.slice(0, 1) + prefix + reference.slice(1);
      const gtin = body + checkDigit(body);
      if (scheme === 'sgtin' && (tail === '*' || tail === ''))
        return { id: itemId(gtin), kind: 'item', item: itemId(gtin) };
      const code = decode(tail);
      if (code === undefined || !CODE.test(code))
        return opaque(urn, `${scheme}: "${tail}" is not 1 to 20 characters of the GS1 set`);
      return scheme === 'lgtin'
        ? { id: lotIdOfGtin(gtin, code), kind: 'lot', item: itemId(gtin), lotCode: code }
        : { id: `${itemId(gtin)}/21/${segment(code)}`, kind: 'serial', item: itemId(gtin), serial: code };
    }
    case 'sscc': {
      if (!/^\d+$/.test(reference) || prefix.length + reference.length !== 17 || tail)
        return opaque(
          urn,
          `sscc: company prefix and serial reference have ${prefix.length + reference.length} digits, 17 expected`,
        );
      const body = reference.slice(0, 1) + prefix + reference.slice(1);
      return { id: `${ROOT}/00/${body}${checkDigit(body)}`, kind: 'unit' };
    }
    case 'sgln':
    case 'pgln': {
      if (!/^\d*$/.test(reference) || prefix.length + reference.length !== 12)
        return opaque(
          urn,
          `${scheme}: company prefix and reference have ${prefix.length + reference.length} digits, 12 expected`,
        );
      const gln = prefix + reference + checkDigit(prefix + reference);
      if (scheme === 'pgln')
        return tail === ''
          ? { id: `${ROOT}/417/${gln}`, kind: 'party' }
          : opaque(urn, `pgln: "${tail}" follows the party reference, which has no extension`);
      const extension = decode(tail);
      if (extension === undefined || (extension !== '' && !CODE.test(extension)))
        return opaque(urn, `sgln: "${tail}" is not 1 to 20 characters of the GS1 set`);
      return {
        id: `${ROOT}/414/${gln}${extension === '' || extension === '0' ? '' : `/254/${segment(extension)}`}`,
        kind: 'place',
      };
    }
    default:
      return opaque(urn);
  }
};

const ALPHAS: Record<string, string> = {
  gtin: '01',
  lot: '10',
  ser: '21',
  sscc: '00',
  gln: '414',
  glnx: '254',
  party: '417',
};

const fromDigitalLink = (uri: string): CanonicalId => {
  const path = /^https?:\/\/[^/?#]+(\/[^?#]*)?/i.exec(uri)?.[1] ?? '';
  const segments = path.split('/').slice(1);
  const at = segments.findIndex(
    (s, i) => /^(01|00|414|417|gtin|sscc|gln|party)$/.test(s) && /^\d{6,18}$/.test(segments[i + 1] ?? ''),
  );
  if (at < 0) return opaque(uri);
  const ais = new Map<string, string>();
  for (let i = at; i + 1 < segments.length; i += 2) {
    const ai = ALPHAS[segments[i] ?? ''] ?? segments[i] ?? '';
    const value = decode(segments[i + 1] ?? '');
    if (value === undefined) return opaque(uri, `"${segments[i + 1]}" is not percent-encoded text`);
    ais.set(ai, value);
  }
  const bad = (what: string, value: string): CanonicalId =>
    opaque(uri, `${what}: "${value}" is no valid key (length or check digit)`);
  const primary = ALPHAS[segments[at] ?? ''] ?? segments[at];
  const key = ais.get(primary ?? '') ?? '';
  if (primary === '00')
    return key.length === 18 && hasValidCheckDigit(key) ? { id: `${ROOT}/00/${key}`, kind: 'unit' } : bad('sscc', key);
  if (primary === '417')
    return key.length === 13 && hasValidCheckDigit(key) ? { id: `${ROOT}/417/${key}`, kind: 'party' } : bad('gln', key);
  if (primary === '414') {
    if (key.length !== 13 || !hasValidCheckDigit(key)) return bad('gln', key);
    const extension = ais.get('254');
    if (extension !== undefined && !CODE.test(extension)) return bad('gln extension', extension);
    return {
      id: `${ROOT}/414/${key}${extension === undefined || extension === '0' ? '' : `/254/${segment(extension)}`}`,
      kind: 'place',
    };
  }
  const gtin = gtin14(key);
  if (gtin === undefined) return bad('gtin', key);
  const serial = ais.get('21');
  const lot = ais.get('10');
  if (serial !== undefined)
    return CODE.test(serial)
      ? {
          id: `${itemId(gtin)}/21/${segment(serial)}`,
          kind: 'serial',
          item: itemId(gtin),
          serial,
          ...(lot !== undefined && { lotCode: lot }),
        }
      : bad('serial', serial);
  if (lot !== undefined)
    return CODE.test(lot)
      ? { id: lotIdOfGtin(gtin, lot), kind: 'lot', item: itemId(gtin), lotCode: lot }
      : bad('lot', lot);
  return { id: itemId(gtin), kind: 'item', item: itemId(gtin) };
};

/** GDST 1.2 section 3.3: `urn:gdst:{domain}:product:lot:class:{owner}.{product}.{lot}`, `…:product:class:{owner}.{product}`. */
const fromGdst = (urn: string): CanonicalId => {
  const m = /^(urn:gdst:[^:]+):(product:lot:class|product:class|product:serial:obj|location:loc|party):(.+)$/.exec(urn);
  if (!m) return opaque(urn);
  const [, domain = '', what, rest = ''] = m;
  const [owner, product, ...more] = rest.split('.');
  const item = owner !== undefined && product !== undefined ? `${domain}:product:class:${owner}.${product}` : undefined;
  const code = more.join('.');
  switch (what) {
    case 'product:lot:class':
      return { id: urn, kind: 'lot', ...(item !== undefined && code !== '' && { item, lotCode: code }) };
    case 'product:serial:obj':
      return { id: urn, kind: 'serial', ...(item !== undefined && code !== '' && { item, serial: code }) };
    case 'product:class':
      return { id: urn, kind: 'item', item: urn };
    case 'location:loc':
      return { id: urn, kind: 'place' };
    default:
      return { id: urn, kind: 'party' };
  }
};

const fromLotline = (urn: string): CanonicalId => {
  const m = /^urn:lotline:lot:([^:]+):([^:]+):([^:]+)$/.exec(urn);
  if (!m) return opaque(urn);
  const [, , item = '', code = ''] = m;
  const itemText = decode(item);
  const lotCode = decode(code);
  return itemText === undefined || lotCode === undefined
    ? opaque(urn)
    : { id: urn, kind: 'lot', item: itemText, lotCode };
};

/**
 * Brings any identifier into its canonical form: a valid GS1 key becomes its GS1 Digital Link URI (GS1 Digital Link 1.2,
 * canonical form; EPC URNs by EPC Tag Data Standard 1.13 section 6), any other URI stays as it came.
 * Never throws: a malformed key is an opaque id with a warning.
 */
export const canonicalId = (text: string): CanonicalId => {
  if (text.startsWith('urn:epc:')) return fromUrn(text);
  if (/^https?:\/\//i.test(text)) return fromDigitalLink(text);
  if (text.startsWith('urn:gdst:')) return fromGdst(text);
  if (text.startsWith('urn:lotline:lot:')) return fromLotline(text);
  return opaque(text);
};
