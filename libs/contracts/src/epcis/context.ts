/** The core master data attributes (CBV 2.0 section 10), whichever separator a sender put behind the namespace. */
const MASTER_DATA = 'urn:epcglobal:cbv:mda';

/** Prefixes that the standard's own context defines, or that are used as if it did. */
const STANDARD_PREFIXES: Readonly<Record<string, string>> = {
  epcis: 'https://ref.gs1.org/epcis/',
  cbv: 'https://ref.gs1.org/cbv/',
  cbvmda: MASTER_DATA,
  gs1: 'https://gs1.org/voc/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  owl: 'http://www.w3.org/2002/07/owl#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  dcterms: 'http://purl.org/dc/terms/',
};

/** The address of the standard's context, in its published and draft places. */
const STANDARD_CONTEXT = /^https?:\/\/(ref\.gs1\.org\/standards\/epcis\/|gs1\.github\.io\/EPCIS\/)/;

/** What an `@context` says, as far as it can be known without fetching anything. */
export interface JsonLdContext {
  /** Prefixes and terms to their URIs, beyond the standard's. */
  prefixes: Record<string, string>;
  /** Contexts given by address, beyond the standard's. */
  contexts: string[];
}

/** Reads a JSON-LD `@context`: an address, an object, or a list of both; later definitions win. Never fetches. */
export const readContext = (context: unknown, outer: JsonLdContext = { prefixes: {}, contexts: [] }): JsonLdContext => {
  const prefixes: Record<string, string> = { ...outer.prefixes };
  const contexts = [...outer.contexts];
  for (const part of Array.isArray(context) ? (context as unknown[]) : [context]) {
    if (typeof part === 'string') {
      if (!STANDARD_CONTEXT.test(part) && !contexts.includes(part)) contexts.push(part);
    } else if (part !== null && typeof part === 'object') {
      for (const [term, definition] of Object.entries(part)) {
        const uri: unknown =
          definition !== null && typeof definition === 'object'
            ? (definition as Record<string, unknown>)['@id']
            : definition;
        if (!term.startsWith('@') && typeof uri === 'string') prefixes[term] = uri;
      }
    }
  }
  return { prefixes, contexts };
};

/** The `@context` that gives the prefixed names of an event their meaning, whatever document it came in. */
export const writeContext = ({ prefixes, contexts }: JsonLdContext): unknown => {
  const standard = 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld';
  return [standard, ...contexts, ...(Object.keys(prefixes).length > 0 ? [prefixes] : [])];
};

/**
 * The whole URI of a member name or vocabulary term: `gdst:productOwner` by its prefix, `cbvmda:lotNumber` (and
 * `urn:epcglobal:cbv:mda:lotNumber`) as `urn:epcglobal:cbv:mda#lotNumber`; a term without prefix by its definition, else as
 * it is.
 */
export const expandTerm = (term: string, prefixes: Readonly<Record<string, string>> = {}): string => {
  const uri = expand(term, prefixes);
  return uri.startsWith(MASTER_DATA) ? `${MASTER_DATA}#${uri.slice(MASTER_DATA.length).replace(/^[:#/]/, '')}` : uri;
};

const expand = (term: string, prefixes: Readonly<Record<string, string>>): string => {
  const colon = term.indexOf(':');
  if (colon < 0) return Object.hasOwn(prefixes, term) ? (prefixes[term] ?? term) : term;
  const [prefix, rest] = [term.slice(0, colon), term.slice(colon + 1)];
  if (rest.startsWith('//')) return term;
  const own = Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
  const namespace = own ?? (Object.hasOwn(STANDARD_PREFIXES, prefix) ? STANDARD_PREFIXES[prefix] : undefined);
  if (namespace === undefined) return term;
  // Some contexts end a namespace without a separator; the term then simply follows, as JSON-LD says.
  return namespace === MASTER_DATA ? `${MASTER_DATA}#${rest}` : namespace + rest;
};
