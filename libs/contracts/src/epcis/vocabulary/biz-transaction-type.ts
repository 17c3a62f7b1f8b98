import { readTerm, type Vocabulary } from './vocabulary.js';

/** CBV 2.0 section 7.3. */
export const BIZ_TRANSACTION_TYPES: Vocabulary = {
  name: 'business transaction type',
  urn: 'urn:epcglobal:cbv:btt:',
  local: 'BTT-',
  terms: new Set([
    'bol',
    'cert',
    'desadv',
    'inv',
    'pedigree',
    'po',
    'poc',
    'prodorder',
    'recadv',
    'rma',
    'testprd',
    'testres',
    'upevt',
  ]),
};

/** The one form of a business transaction type: its bare CBV name (`desadv`), or the whole URI of one outside CBV. */
export const canonicalBizTransactionType = (text: string, prefixes?: Readonly<Record<string, string>>): string =>
  readTerm(BIZ_TRANSACTION_TYPES, text, prefixes).term;
