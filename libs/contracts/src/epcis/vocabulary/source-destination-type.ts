import { readTerm, type Vocabulary } from './vocabulary.js';

/** CBV 2.0 section 7.4. */
export const SOURCE_DESTINATION_TYPES: Vocabulary = {
  name: 'source or destination type',
  urn: 'urn:epcglobal:cbv:sdt:',
  local: 'SDT-',
  terms: new Set(['location', 'owning_party', 'possessing_party']),
};

/** The one form: `owning_party`, `possessing_party`, `location`, or the whole URI of a type outside CBV. */
export const canonicalSourceDestinationType = (text: string, prefixes?: Readonly<Record<string, string>>): string =>
  readTerm(SOURCE_DESTINATION_TYPES, text, prefixes).term;
