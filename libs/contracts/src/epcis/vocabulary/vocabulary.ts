/** A closed list of the Core Business Vocabulary (CBV 2.0 section 7) in all the ways it is written. */
export interface Vocabulary {
  /** What one entry is called in messages. */
  name: string;
  /** `urn:epcglobal:cbv:bizstep:` */
  urn: string;
  /** The part of the Web URI before the term: `BizStep-`. */
  local: string;
  terms: ReadonlySet<string>;
}

/** Web URI of the vocabulary; the second is that of the drafts of EPCIS 2.0. */
const CBV_NAMESPACES = ['https://ref.gs1.org/cbv/', 'https://ns.gs1.org/cbv/'];

export interface VocabularyTerm {
  /** The bare CBV name (`shipping`), or the whole URI of a term outside CBV. */
  term: string;
  /**
   * `cbv`: a term of the list; `foreign`: a URI of another vocabulary; `unknown`: written as CBV but not in the list, or
   * no URI at all.
   */
  kind: 'cbv' | 'foreign' | 'unknown';
}

/**
 * Reads a vocabulary entry written bare (`shipping`), as CURIE (`cbv:BizStep-shipping`), URN
 * (`urn:epcglobal:cbv:bizstep:shipping`) or Web URI (`https://ref.gs1.org/cbv/BizStep-shipping`).
 * @param prefixes those of the document's `@context`; `cbv` is known.
 */
export const readTerm = (
  vocabulary: Vocabulary,
  text: string,
  prefixes: Readonly<Record<string, string>> = {},
): VocabularyTerm => {
  const within = (bare: string): VocabularyTerm =>
    vocabulary.terms.has(bare) ? { term: bare, kind: 'cbv' } : { term: bare, kind: 'unknown' };
  if (!text.includes(':')) return within(text);
  if (text.startsWith(vocabulary.urn)) return within(text.slice(vocabulary.urn.length));
  const uri = expand(text, prefixes);
  for (const namespace of CBV_NAMESPACES)
    if (uri.startsWith(namespace))
      return uri.startsWith(namespace + vocabulary.local)
        ? within(uri.slice(namespace.length + vocabulary.local.length))
        : { term: uri.slice(namespace.length), kind: 'unknown' };
  return /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(uri) ? { term: uri, kind: 'foreign' } : { term: text, kind: 'unknown' };
};

const expand = (text: string, prefixes: Readonly<Record<string, string>>): string => {
  const colon = text.indexOf(':');
  const [prefix, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  if (prefix === 'cbv') return `${CBV_NAMESPACES[0]}${rest}`;
  const namespace = rest.startsWith('//') || !Object.hasOwn(prefixes, prefix) ? undefined : prefixes[prefix];
  return namespace === undefined ? text : namespace + rest;
};
