import { readTerm, type Vocabulary } from './vocabulary.js';

/** CBV 2.0 section 7.2. */
export const DISPOSITIONS: Vocabulary = {
  name: 'disposition',
  urn: 'urn:epcglobal:cbv:disp:',
  local: 'Disp-',
  terms: new Set([
    'active',
    'available',
    'completeness_inferred',
    'completeness_verified',
    'conformant',
    'container_closed',
    'container_open',
    'damaged',
    'destroyed',
    'dispensed',
    'disposed',
    'encoded',
    'expired',
    'in_progress',
    'in_transit',
    'inactive',
    'mismatch_class',
    'mismatch_instance',
    'mismatch_quantity',
    'needs_replacement',
    'no_pedigree_match',
    'non_conformant',
    'non_sellable_other',
    'partially_dispensed',
    'recalled',
    'reserved',
    'retail_sold',
    'returned',
    'sellable_accessible',
    'sellable_not_accessible',
    'stolen',
    'unavailable',
    'unknown',
  ]),
};

/** The one form of a disposition: its bare CBV name (`in_transit`), or the whole URI of one outside CBV. */
export const canonicalDisposition = (text: string, prefixes?: Readonly<Record<string, string>>): string =>
  readTerm(DISPOSITIONS, text, prefixes).term;
