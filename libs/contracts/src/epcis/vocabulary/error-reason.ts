import { readTerm, type Vocabulary } from './vocabulary.js';

/** CBV 2.0 section 7.5. */
export const ERROR_REASONS: Vocabulary = {
  name: 'error reason',
  urn: 'urn:epcglobal:cbv:er:',
  local: 'ER-',
  terms: new Set(['did_not_occur', 'incorrect_data']),
};

/** The one form: `did_not_occur`, `incorrect_data`, or the whole URI of a reason outside CBV. */
export const canonicalErrorReason = (text: string, prefixes?: Readonly<Record<string, string>>): string =>
  readTerm(ERROR_REASONS, text, prefixes).term;
